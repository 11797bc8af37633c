"""What the Directory calls its codes: shown where our own lists have no word for one."""

from django.db import models
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members import codes
from visitors.cache.generation import kept

DIRECTORY_LANGUAGE = "en"


class CodeLabel(models.Model):
    """A code of one of the Directory's lists, as the Directory calls it. Only the import writes it.

    `kind`: one of `members.codes.TraitKind`, or of the lists named beside it.
    """

    seen_by_visitors = False  # the import itself raises the number once it is done

    kind = models.CharField(_("kind"), max_length=15)
    code = models.CharField(_("code"), max_length=80)
    label = models.CharField(_("label"), max_length=250)

    class Meta:
        verbose_name = _("label of a code")
        verbose_name_plural = _("labels of codes")
        default_permissions = ("view",)  # only the import makes one
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_label_a_code")]

    def __str__(self) -> str:
        return self.label


class InEnglish(str):
    """Words of the Directory, which every page says are English (WCAG 2.2 SC 3.1.2)."""

    __slots__ = ()

    def __html__(self) -> str:
        return format_html('<span lang="{}">{}</span>', DIRECTORY_LANGUAGE, str(self))


def as_told(words: str) -> str:
    """Words of the Directory, marked where the reader's language is another."""
    return words if get_language() == DIRECTORY_LANGUAGE else InEnglish(words)


def label(kind: str, code: str) -> str:
    """The code in the reader's words, else in the Directory's, else in its own letters."""
    if own := codes.own_label(kind, code):
        return own
    return as_told(_told().get((kind, code)) or codes.letters(code))


@kept
def _told() -> dict[tuple[str, str], str]:
    """Without the diseases: they are many, and who lists some reads theirs."""
    rows = CodeLabel.objects.exclude(kind=codes.DISEASE)
    return {(kind, code): label for kind, code, label in rows.values_list("kind", "code", "label")}
