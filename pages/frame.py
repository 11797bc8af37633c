"""What stands around the words of every page: node, names, menus, funding, the way back up."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.blocks import StreamValue
from wagtail.models import Page

from pages.blocks import menu_views
from pages.models import Funding, NodePage, SiteIdentity
from pages.tree.languages import Language, languages_of, languages_of_view, offered
from pages.tree.links import address, expect, linked_pages, visible_pages
from pages.tree.lists import is_empty_list
from pages.tree.published import published
from pages.tree.safe_links import safe_href
from visitors.cache.generation import kept

HOME_DEPTH = 2  # of a home in Wagtail's tree: the root above it is nobody's page


@dataclass(frozen=True)
class MenuLink:
    """An entry of a menu as it is drawn. `current` is the value of its `aria-current`, if any."""

    label: str
    address: str
    is_external: bool = False
    current: str = ""


class Frame:
    """Read once a request, in as many queries whatever the menus hold."""

    def __init__(self, request: HttpRequest | None, page: Page | None) -> None:
        self.request = request
        self.page = page

    @classmethod
    def of(cls, request: HttpRequest | None, page: Page | None) -> Self:
        """The frame of this request, made when it is first asked for."""
        if request is None:
            return cls(request, page)
        if not hasattr(request, "_frame"):
            request._frame = cls(request, page)  # type: ignore[attr-defined]  # kept with the request, here alone
        return request._frame  # type: ignore[attr-defined]  # kept with the request, here alone

    @cached_property
    def node(self) -> NodePage | None:
        """The home in the page's language."""
        if isinstance(self.page, NodePage):
            return self.page
        if self.request is not None and hasattr(self.request, "node"):  # routing came past it
            return self.request.node
        homes = published(NodePage).select_related("locale")
        if self.page is not None:
            return homes.filter(path=self.page.path[: HOME_DEPTH * Page.steplen]).first()
        return homes.filter(locale__language_code=get_language()).first()

    @cached_property
    def identity(self) -> SiteIdentity | None:
        if self.node is None:
            return None
        identity, linked = _identities().get(self.node.locale_id, (None, ()))
        expect(linked)
        return identity

    @cached_property
    def funding(self) -> list[Funding]:
        return _funding().get(self.node.locale_id, []) if self.node else []

    @cached_property
    def header_menu(self) -> list[MenuLink]:
        return list(self._menu(self.identity.header_menu)) if self.identity else []

    @cached_property
    def footer_menu(self) -> list[MenuLink]:
        return list(self._menu(self.identity.footer_menu)) if self.identity else []

    @cached_property
    def trail(self) -> list[Page]:
        """The published pages above this one, from the home down."""
        if self.page is None:
            return [self.node] if self.node else []
        return [page for page in self._pages if page.path in self._paths_above]

    @cached_property
    def languages(self) -> list[Language]:
        """Where the other languages lead from here."""
        if self.page is not None:
            return languages_of([*self.trail, self.page], self._pages, self.request, self.rest)
        path = self.request.get_full_path() if self.request else "/"
        return languages_of_view(path, offered())

    def part(self, kind: str) -> Page | None:
        """The page right below the home of a kind, like `newsindexpage`; no empty list."""
        return next((page for page in self._parts if page.kind == kind), None)

    @cached_property
    def _parts(self) -> list[Page]:
        """What stands right below the home, but for lists with nothing in them."""
        below = (page for page in self._pages if self.node and page.is_child_of(self.node))
        return [page for page in below if not is_empty_list(page)]

    @cached_property
    def _pages(self) -> list[Page]:
        """The home's parts, the pages above, and their translations with this page's."""
        path = self.page.path if self.page else ""
        keys = Page.objects.filter(path__in=[*self._paths_above, path]).values("translation_key")
        wanted = Q(translation_key__in=keys)
        if self.node:
            wanted |= Q(path__startswith=self.node.path, depth=HOME_DEPTH + 1)
        return visible_pages(wanted)

    @cached_property
    def _paths_above(self) -> list[str]:
        path = self.page.path if self.page else ""
        step = Page.steplen
        return [path[:end] for end in range(HOME_DEPTH * step, len(path), step)]

    def _menu(self, menu: StreamValue) -> Iterator[MenuLink]:
        # Looks up the pages of all links in its own query.
        empty = {page.get_url(self.request) for page in self._pages if is_empty_list(page)}
        # As it is stored: reading it as blocks would fetch its pages menu by menu.
        for link in (block["value"] for block in menu.raw_data):
            label, pk, view = link.get("label", ""), link.get("page"), link.get("view")
            if not pk and not view:
                yield MenuLink(label, safe_href(link.get("url")), is_external=True)
                continue
            found = menu_views.address(view) if view else address(link["page"])
            if found and found not in empty:
                yield self.link(label, found)

    def link(self, label: str, found: str) -> MenuLink:
        """To an address of this site, marked where the reader is on it."""
        return MenuLink(label, found, current=self._mark(found))

    def _mark(self, found: str) -> str:
        """Whether an entry leads to this page, or to one above it other than the home."""
        here = self.own_address or (self.request.path if self.request else "")
        if found == here:
            return "true" if self.rest.partition("?")[0] else "page"
        return "true" if here.startswith(found) and found != self.home_address else ""

    @cached_property
    def own_address(self) -> str:
        return self.page.get_url(self.request) or "" if self.page else ""

    @cached_property
    def rest(self) -> str:
        """What follows the page's own address where a part of it is shown, query included."""
        request, own = self.request, self.own_address
        if request is None or not own or not request.path.startswith(own):
            return ""
        query = request.GET.urlencode() if getattr(self.page, "keeps_query", False) else ""
        return request.path[len(own) :] + (f"?{query}" if query else "")

    @cached_property
    def home_address(self) -> str:
        return self.node.get_url(self.request) or "" if self.node else ""


@kept
def _identities() -> dict[int, tuple[SiteIdentity, tuple[int, ...]]]:
    """By language, with what they link to: the same on every page until somebody changes one."""
    return {
        each.locale_id: (each, tuple(linked_pages(each))) for each in SiteIdentity.objects.all()
    }


@kept
def _funding() -> dict[int, list[Funding]]:
    """The records shown, by language."""
    found: dict[int, list[Funding]] = defaultdict(list)
    for record in Funding.objects.shown():
        found[record.locale_id].append(record)
    return found
