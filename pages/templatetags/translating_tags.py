"""What the screens of translations ask while they are drawn."""

from django import template
from django.template import Context
from wagtail.models import Page

from pages.translating import rights
from pages.translating.desk import Desk, desk_of
from pages.translating.unfinished import UnfinishedPanel

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_desk(context: Context) -> Desk:
    return desk_of(context["request"], context["instance"], context["props"])


@register.simple_tag(takes_context=True)
def unfinished_translations(context: Context) -> str:
    return UnfinishedPanel().render_html(context)


@register.simple_tag(takes_context=True)
def may_begin(context: Context, page: Page) -> bool:
    """Whether who looks at an alias may translate it."""
    return not rights.to_begin(context["request"].user, page.alias_of.specific, page.locale)
