"""What templates ask of the visitor who reads the page."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.db.models import QuerySet
from django.template import Context
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from visitors.choices import TEXTS, CookieChoice, Display
from visitors.headers import may_count
from visitors.notice.notices import CookieNotice, current_notice
from visitors.visit import variant_of

register = template.Library()

THEME_LABELS = {
    "auto": _("As my device is set"),
    "light": _("Light"),
    "dark": _("Dark"),
    "hc": _("High contrast, black"),
    "hcl": _("High contrast, white"),
}


@dataclass(frozen=True)
class Visitor:
    """The reader's choices, as the page shows them."""

    display: Display
    choice: CookieChoice
    is_counted: bool  # the page loads the analytics script

    @property
    def has_normal_text(self) -> bool:
        return self.display.text == Display().text

    @property
    def has_normal_contrast(self) -> bool:
        return self.display.theme == Display().theme

    @property
    def is_undecided(self) -> bool:
        return self.choice.analytics is None

    @cached_property
    def notice(self) -> CookieNotice | None:
        return current_notice().text()


@register.simple_tag(takes_context=True)
def visitor(context: Context) -> Visitor:
    request = context.get("request")
    variant = variant_of(request)
    is_counted = request is not None and may_count(request)
    return Visitor(variant.display, variant.choice, is_counted)


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The address that a form on this page leads back to."""
    request = context.get("request")
    return request.get_full_path() if request else ""


@register.filter
def attributes(display: Display | str | None) -> SafeString:
    """Of `<html>`, only where the choice is another than the default."""
    if not isinstance(display, Display):
        return mark_safe("")
    normal, found = Display(), mark_safe("")
    if display.text != normal.text:
        found += format_html(' data-text="{}"', display.text)
    if display.theme != normal.theme:
        found += format_html(' data-theme="{}"', display.theme)
    return found


@register.simple_tag
def text_sizes() -> tuple[str, ...]:
    return TEXTS


@register.simple_tag
def themes() -> list[tuple[str, str]]:
    return [(theme, str(label)) for theme, label in THEME_LABELS.items()]


@register.simple_tag
def earlier_notices() -> QuerySet[CookieNotice]:
    """The notice's earlier versions in the language of the page, newest first."""
    notices = CookieNotice.objects.filter(language=get_language() or settings.LANGUAGE_CODE)
    now = current_notice().text()
    return notices.exclude(version=now.version) if now else notices


@register.simple_tag
def matomo() -> dict[str, str]:
    """Where the accepted variant sends its counts."""
    return {"url": settings.MATOMO_URL, "site": str(settings.MATOMO_SITE_ID)}
