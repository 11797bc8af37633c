"""The cookie policy that holds now, remembered by each process until something is published."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from visitors.cache.generation import kept
from visitors.notice.notices import CookieNotice
from visitors.notice.wording import FIRST


@dataclass(frozen=True)
class Policy:
    """`version`: of the last notice whose meaning changed. A later one may mend its words."""

    version: int
    notices: dict[str, CookieNotice]

    def text(self, language: str | None = None) -> CookieNotice | None:
        """The words of the notice; None where none is published."""
        wanted = language or get_language() or settings.LANGUAGE_CODE
        return self.notices.get(wanted) or self.notices.get(settings.LANGUAGE_CODE)


@kept
def current_policy() -> Policy:
    latest: dict[str, CookieNotice] = {}
    version = FIRST
    for notice in CookieNotice.objects.order_by("version"):
        latest[notice.language] = notice
        if notice.material:
            version = notice.version
    return Policy(version, latest)


class SameWordsError(Exception):
    """The last version says the same."""


@transaction.atomic
def publish(texts: Mapping[str, tuple[str, str]], *, material: bool) -> int:
    """Publish a version of the notice: text and link text by language. Returns its number.

    Raises SameWordsError, as for a form that is sent twice, and IntegrityError where somebody else
    publishes at the same moment.
    """
    last = CookieNotice.objects.filter(version=CookieNotice.last_version())
    if texts == {notice.language: (notice.text, notice.link_text) for notice in last}:
        raise SameWordsError
    said = {
        language: {"text": text, "link_text": link_text}
        for language, (text, link_text) in texts.items()
    }
    return CookieNotice.publish(said, material=material)
