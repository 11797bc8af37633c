"""What the screens of translations ask while they are drawn."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from wagtail.models import Page

from pages.translating import rights
from pages.translating.desk import Desk, desk_of
from pages.translating.unfinished import UnfinishedPanel

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_desk(context: Context) -> Desk:
    return desk_of(context["request"], context["instance"], context["props"])


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> dict[str, Any]:
    """Of a page's translation: those in which who looks may edit it have a way there."""
    original, others = context["source_translation"], context["translations"]
    if context["is_page"]:
        pages = [page for page in context["instance"].get_translations() if may_edit(context, page)]
        ways = [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in pages]
        others = [(language, way) for language, way in others if way in ways]
        original = original | {"editUrl": original["editUrl"] in ways and original["editUrl"]}
    return {"original": original, "others": others}


@register.simple_tag(takes_context=True)
def may_edit(context: Context, page: Page) -> bool:
    may: bool = page.permissions_for_user(context["request"].user).can_edit()
    return may


@register.simple_tag(takes_context=True)
def unfinished_translations(context: Context) -> str:
    return UnfinishedPanel().render_html(context)


@register.simple_tag(takes_context=True)
def may_begin(context: Context, page: Page) -> bool:
    """Whether who looks at an alias may translate it."""
    return not rights.to_begin(context["request"].user, page.alias_of.specific, page.locale)
