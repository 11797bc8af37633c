"""Networks as templates show them."""

from django import template
from django.template import Context
from wagtail.blocks.list_block import ListValue

from members.models import NetworkPage
from pages.templatetags.site_tags import frame_of

register = template.Library()


@register.simple_tag(takes_context=True)
def shown_networks(context: Context) -> list[NetworkPage]:
    """The networks in the page's language."""
    node = frame_of(context).node
    return list(NetworkPage.shown(node.locale)) if node else []


@register.simple_tag
def chosen_networks(chosen: ListValue) -> list[NetworkPage]:
    """The networks of a block, in its order, that visitors may see."""
    keys = [network.pk for network in chosen if network]
    networks = {network.pk: network for network in NetworkPage.shown().filter(pk__in=keys)}
    return [networks[key] for key in keys if key in networks]
