"""How an issue's words and links are written in a mail, and its chosen pages on the website."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.blocks.list_block import ListValue
from wagtail.models import Page
from wagtail.rich_text import RichText
from wagtail.templatetags.wagtailcore_tags import richtext

from newsletter.issues import plain_text
from newsletter.issues.links import absolute_links, as_uri
from newsletter.issues.teasers import chosen_pages
from newsletter.mails.paper import WIDTH
from pages.tree.safe_links import safe_html

register = template.Library()


@register.filter
def mail_prose(value: RichText | str | None) -> SafeString:
    """Rich text whose links are safe, and work in a mailbox."""
    return mark_safe(absolute_links(safe_html(str(richtext(value or "")))))  # noqa: S308  just made so


@register.filter
def plain_prose(value: RichText | str | None) -> str:
    return plain_text.of(mail_prose(value))


register.filter(as_uri)


@register.filter
def before_address(words: str) -> str:
    return _("%(words)s:") % {"words": words}


@register.filter
def quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words}


@register.filter
def underline(text: str, sign: str) -> str:
    return sign * min(len(text), WIDTH)


@register.simple_tag
def chosen(pages: ListValue) -> list[Page]:
    return chosen_pages(pages).shown
