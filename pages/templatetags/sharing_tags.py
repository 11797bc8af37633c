"""What a page's head says of it to those who share its address."""

from django import template
from django.template import Context
from wagtail.models import Page

from pages.formats.sharing import Card, card

register = template.Library()


@register.simple_tag(takes_context=True)
def shared_card(context: Context) -> Card:
    page = context.get("page")
    return card(page if isinstance(page, Page) else None, context)
