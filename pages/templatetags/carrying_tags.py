"""What a screen that asks once more says of the other languages."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page

from pages.carrying.translations import closed_along, deleted_along, named

register = template.Library()
TEMPLATE = "pages/admin/along.html"


@register.inclusion_tag(TEMPLATE)
def closed_with(page: Page) -> dict[str, Any]:
    live = [made for made in closed_along([page]) if made.live]
    told = _("This closes %s in every language, until it is published again:")
    return _along(told % named(page), live)


@register.inclusion_tag(TEMPLATE)
def deleted_with(page: Page) -> dict[str, Any]:
    return _along(_("With %s goes, with all that is below:") % named(page), deleted_along([page]))


@register.inclusion_tag(TEMPLATE)
def moved_with(page: Page) -> dict[str, Any]:
    told = _("With %s moves, to the same place in its language:")
    return _along(told % named(page), closed_along([page]))


@register.simple_tag
def privacy_of(target: Page | Collection) -> str:
    """Which languages a choice of privacy is for."""
    if not isinstance(target, Page):
        return ""
    if made := closed_along([target]):
        told = _("This holds in every language, with all that is below: for %s too.")
        return told % ", ".join(map(named, made))
    if target.get_translations().exists():
        return _("This holds in this language alone. The original's privacy holds here as well.")
    return ""


def _along(sentence: str, pages: Iterable[Page]) -> dict[str, Any]:
    return {"sentence": sentence, "pages": [named(page) for page in pages]}
