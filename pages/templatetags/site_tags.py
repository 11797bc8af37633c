"""What templates ask of the site around a page, and how they write dates, links and pictures."""

import json
import re
from datetime import date, datetime

from django import template
from django.conf import settings
from django.template import Context
from django.template.base import FilterExpression, Parser, Token
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.models import Page, TranslatableMixin
from wagtail.rich_text import RichText
from wagtail.templatetags.wagtailcore_tags import richtext

from pages.formats.structured_data import graph
from pages.frame import Frame, MenuLink
from pages.models import EventPage
from pages.models.events import HOME_ZONE
from pages.pictures import picture_element
from pages.tree.addresses import full_url
from pages.tree.languages import Language
from pages.tree.safe_links import safe_href, safe_html
from pages.tree.written import language_of, language_of_title, language_told, marked
from visitors.headers import has_session

register = template.Library()
register.simple_tag(picture_element)
register.filter(safe_href)

IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}  # so that no text ends the block
HEADING = re.compile(r"(</?h)([34])\b")
TO = " \u2013 "
LINK_AWAY = re.compile(r'<a href="(https?://[^"]*)">(.*?)</a>', re.DOTALL)


@register.simple_tag(takes_context=True, name="site_frame")
def frame_of(context: Context) -> Frame:
    """The frame of the page a template is drawn for."""
    page = context.get("page")
    return Frame.of(context.get("request"), page if isinstance(page, Page) else None)


@register.simple_tag(takes_context=True)
def view_link(context: Context, label: str, address: str) -> MenuLink:
    """A link to a view of the site, as an entry of a menu."""
    return frame_of(context).link(label, address)


@register.filter
def leads_to(menu: list[MenuLink], address: str) -> bool:
    """Whether an entry of a menu leads to an address of this site."""
    return any(link.address.removeprefix(settings.SITE_URL) == address for link in menu)


@register.filter
def but_to(menu: list[MenuLink], address: str) -> list[MenuLink]:
    """The entries of a menu that lead elsewhere."""
    return [link for link in menu if not leads_to([link], address)]


@register.simple_tag(takes_context=True)
def canonical_address(context: Context) -> str:
    """This page's one address, for search engines: without a query but for the page of a list.

    None where the query makes the list: of a search, and of the later pages of what is filtered.
    """
    request = context.get("request")
    if request is None:
        return ""
    original = original_of(context.get("page"))
    if original is not None:
        return full_url(original) + frame_of(context).rest.partition("?")[0]
    page, number = frame_of(context).page, getattr(context.get("rows"), "number", 1)
    is_filtered = "rows" in context and bool(request.GET.keys() - {"page"})
    if is_filtered and (page is None or (number > 1 and getattr(page, "keeps_query", False))):
        return ""
    return f"{settings.SITE_URL}{request.path}{f'?page={number}' if number > 1 else ''}"


@register.simple_tag(takes_context=True)
def translations(context: Context) -> list[Language]:
    """The languages a page can be read in; none for a part of it, like the next page of a list."""
    frame = frame_of(context)
    if frame.page is None or frame.request is None:
        return []
    is_of_many = getattr(context.get("rows"), "number", 1) > 1 or "?" in frame.rest
    is_itself = frame.own_address == frame.request.path or "part" in context
    if is_of_many or not is_itself:
        return []
    return [language for language in frame.languages if not language.note]


@register.simple_tag(takes_context=True)
def structured_data(context: Context) -> str:
    """What the page says to machines. A data block, which the content policy does not stop."""
    frame = frame_of(context)
    if frame.page is None or frame.node is None:
        return ""
    if frame.page.locale_id == frame.node.locale_id:
        frame.page.locale = frame.node.locale  # read already
    document = graph(frame.page, frame.trail, context.get("part"), frame.rest)
    said = json.dumps(document, ensure_ascii=False).translate(IN_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(said))  # noqa: S308  escaped


@register.filter
def original_of(page: Page | str | None) -> Page | None:
    """What a page stands in for until it is translated: wagtail-localize keeps it as an alias."""
    return page.alias_of if isinstance(page, Page) and page.alias_of_id else None


@register.filter
def language_mark(page: Page | str | None) -> SafeString | str:
    """The attribute for what is drawn in the language of a page's words, if need be."""
    return mark(language_of(page)) if isinstance(page, Page) else ""


@register.filter
def title_mark(page: Page | str | None) -> SafeString | str:
    """Likewise, for what holds its title and nothing else."""
    return mark(language_of_title(page)) if isinstance(page, Page) else ""


@register.filter
def mark(language: str) -> SafeString | str:
    return "" if language == get_language() else format_html(' lang="{}"', language)


@register.filter
def written_in(page: Page | str | None) -> str:
    return language_told(page) if isinstance(page, Page) else get_language() or ""


class WordsOf(template.Node):
    """What is drawn of a page or snippet, all of it in the language of its words."""

    def __init__(self, page: FilterExpression, nodes: template.NodeList) -> None:
        self.page, self.nodes = page, nodes

    def render(self, context: Context) -> SafeString:
        page = self.page.resolve(context, ignore_failures=True)
        if not isinstance(page, TranslatableMixin):
            return self.nodes.render(context)
        with override(language_of(page)):
            html = self.nodes.render(context)
        return mark_safe(marked(html, page))  # noqa: S308  a template's


@register.tag
def words_of(parser: Parser, token: Token) -> WordsOf:
    _name, page = token.split_contents()
    nodes = parser.parse(["endwords_of"])
    parser.delete_first_token()
    return WordsOf(parser.compile_filter(page), nodes)


@register.simple_tag
def absolute(path: str) -> str:
    """A path of this site as a full address."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag(takes_context=True)
def editor_bar(context: Context) -> str:
    """Wagtail's bar for editors. To ask who is signed in would give every visitor a session."""
    request = context.get("request")
    return wagtailuserbar(context) if request and has_session(request) else ""


@register.simple_tag(takes_context=True)
def part_address(context: Context, kind: str) -> str:
    """Address of the home's page of a kind, like `newsindexpage`; nothing where there is none."""
    frame = frame_of(context)
    part = frame.part(kind)
    return part.get_url(frame.request) or "" if part else ""


@register.filter
def prose(value: RichText | str | None) -> SafeString:
    """Rich text whose links are safe, and say where they lead to other sites."""
    away = format_html('<span class="visually-hidden"> {}</span>', _("(other site)"))
    marked = rf'<a class="away" href="\1">\2{away}</a>'
    return mark_safe(LINK_AWAY.sub(marked, safe_html(str(richtext(value)))))  # noqa: S308  just made so


@register.filter
def raised(html: SafeString) -> SafeString:
    """A text's headings a level higher, for where none of the second level stands above them."""
    higher = HEADING.sub(lambda tag: f"{tag[1]}{int(tag[2]) - 1}", html)
    return mark_safe(higher)  # noqa: S308  was safe before


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> str:
    """A date in words, as the language writes it."""
    return date_format(value, pgettext("date format", "j F Y")) if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """A date in words, and the time."""
    return f"{day(value)}, {date_format(value, 'H:i')}" if value else ""


@register.filter
def initials(name: str) -> str:
    """Of the first and the last name, for a person without a photo."""
    words = name.split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


@register.filter
def breakable(mailbox: str) -> str:
    """An address that may break before its @: it is wider than a small screen."""
    return format_html("{}<wbr>@{}", *mailbox.split("@", 1)) if "@" in mailbox else mailbox


@register.filter
def when(event: EventPage) -> str:
    """When it is, in words, and before that whether it is off; nothing without a start."""
    start, end = event.local_start, event.local_end
    if start is None:
        return ""
    last_day = day(end) if end and end.date() != start.date() else ""
    parts = [f"{event.get_state_display()}: " if event.state else ""]
    if event.is_whole_day:
        parts += [day(start), last_day and f"{TO}{last_day}"]
    else:
        parts.append(moment(start))
        if end:
            parts.append(f"{TO}{moment(end) if last_day else f'{end:%H:%M}'}")
        if event.time_zone != HOME_ZONE:
            parts.append(f" ({_('time of %(zone)s') % {'zone': zone(event.time_zone)}})")
    return "".join(filter(None, parts))


@register.filter
def zone(name: str) -> str:
    """A time zone's name for readers."""
    return name.replace("_", " ")
