"""Links to pages of this site: in the reader's language, never to what they may not see.

Rich text, menus and link blocks hold a page's id. While a request is answered each id is looked up
once, and what is expected is looked up together with what is needed first.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.rich_text.pages import PageLinkHandler

from pages.tree.published import PageType, published

LONGEST_ID = 9  # digits
IN_RICH_TEXT = re.compile(
    r'linktype=\\?"page\\?" id=\\?"(\d{1,9})(?!\d)|id=\\?"(\d{1,9})\\?" linktype=\\?"page'
)
DRAWN = (
    "path",
    "depth",
    "numchild",
    "url_path",
    "slug",
    "title",
    "translation_key",
    "locale",
    "alias_of",
)
IN_CHOOSER = re.compile(r'"page": (\d{1,9})(?!\d)')


@dataclass
class Lookup:
    """What one request knows of pages' addresses, and which it will need."""

    request: HttpRequest | None = None  # keeps Wagtail's paths of the site
    found: dict[int, str] = field(default_factory=dict)
    expected: set[int] = field(default_factory=set)
    language: str = field(default_factory=lambda: get_language() or "")  # the reader's


_lookup: ContextVar[Lookup | None] = ContextVar("addresses of pages", default=None)


def expect(wanted: Iterable[int]) -> None:
    """These pages will be linked to: look them up with the first that is."""
    lookup = _lookup.get()
    if lookup is not None:
        lookup.expected |= set(wanted)


def addresses(wanted: Iterable[int]) -> dict[int, str]:
    """Where visitors find each page, by id: its translation if there is one, "" if hidden."""
    lookup = _lookup.get() or Lookup()
    if missing := set(wanted) - set(lookup.found):
        lookup.expected |= missing
        _look_up(lookup, Q())
    return lookup.found


def address(pk: int) -> str:
    return addresses([pk])[pk]


def visible_pages(wanted: Q) -> list[Page]:
    """Pages visitors may see, in the tree's order; looks up what is expected along with them."""
    lookup = _lookup.get() or Lookup()
    return _look_up(lookup, wanted)


def _look_up(lookup: Lookup, also: Q) -> list[Page]:
    keys = Page.objects.filter(pk__in=lookup.expected).values("translation_key")
    linked = Q(pk__in=lookup.expected)
    linked |= Q(translation_key__in=keys, locale__language_code=lookup.language)
    shown = Exists(published(Page).filter(pk=OuterRef("pk")))
    pages = Page.objects.filter(linked | also).annotate(is_shown=shown).select_related("locale")
    found = list(pages.only(*DRAWN).annotate(kind=F("content_type__model")).order_by("path"))
    visible = [page for page in found if page.is_shown]
    in_language = {
        page.translation_key: page
        for page in visible
        if page.locale.language_code == lookup.language
    }
    nearest = ((page, in_language.get(page.translation_key)) for page in found)
    own = {page.pk: copy or page for page, copy in nearest if copy or page.is_shown}
    for pk in lookup.expected:
        lookup.found[pk] = own[pk].get_url(lookup.request) or "" if pk in own else ""
    lookup.expected.clear()
    return visible


def in_readers_language(
    chosen: Iterable[Page | None], found: PageQuerySet[PageType]
) -> dict[int, PageType]:
    """By the id of each chosen page, in their order: what the reader gets of those found.

    Its copy in the reader's language, whichever was chosen; else itself, else what there is.
    """
    pages = [page for page in chosen if page]
    lookup = _lookup.get() or Lookup()
    copies: dict[Any, list[PageType]] = defaultdict(list)
    keys = {page.translation_key for page in pages}
    for copy in found.filter(translation_key__in=keys).select_related("locale"):
        copies[copy.translation_key].append(copy)

    def nearest(page: Page) -> Callable[[PageType], tuple[bool, bool]]:
        return lambda copy: (copy.locale.language_code == lookup.language, copy.pk == page.pk)

    return {
        page.pk: max(copies[page.translation_key], key=nearest(page))
        for page in pages
        if copies[page.translation_key]
    }


def linked_pages(instance: models.Model) -> Iterator[int]:
    """The ids of the pages that something's texts and blocks link to."""
    for kind in instance._meta.get_fields():
        if isinstance(kind, StreamField):
            text = json.dumps(list(getattr(instance, kind.name).raw_data))
        elif isinstance(kind, RichTextField):
            text = getattr(instance, kind.name)
        else:
            continue
        found = (*IN_RICH_TEXT.findall(text), *((pk, "") for pk in IN_CHOOSER.findall(text)))
        yield from (int(first or second) for first, second in found)


@contextmanager
def addresses_anew(request: HttpRequest | None = None) -> Iterator[None]:
    """Within it addresses are looked up once, in the language of the moment."""
    token = _lookup.set(Lookup(request))
    try:
        yield
    finally:
        _lookup.reset(token)


class RememberLinks:
    """Keeps what was looked up for as long as one request is answered, and no longer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with addresses_anew(request):
            return self.get_response(request)


class PageLinks(PageLinkHandler):
    """A link in rich text. To a page that is hidden it is no link."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        found = addresses(map(_pk, attrs_list))
        hrefs = [found.get(pk, "") for pk in map(_pk, attrs_list)]
        return [f'<a href="{escape(href)}">' if href else "<a>" for href in hrefs]


def _pk(attrs: dict[str, str]) -> int:
    """The id of a link; 0, which no page has, where it is spoiled."""
    pk = attrs.get("id", "")
    return int(pk) if pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_ID else 0
