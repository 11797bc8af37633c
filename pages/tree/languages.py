"""The languages a page can be read in, each under its own name."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.query import PageQuerySet

from pages.models import NodePage
from pages.tree.published import PageType, published
from pages.tree.written import language_told


@dataclass(frozen=True)
class Language:
    """A language of the site and where it leads from this page.

    `note` says, in that language, that this page is not translated and another one is shown.
    """

    code: str
    name: str
    address: str
    is_current: bool
    note: str = ""


def languages_of(
    chain: list[Page], known: list[Page], request: HttpRequest | None, rest: str = ""
) -> list[Language]:
    """Every language that has a home, with the page itself or else the nearest one above it.

    `chain` leads from the home down to the page; `known` are the visible pages, of all languages,
    that translate any of them. `rest` follows the address of the page itself: a part of it.
    """
    current = get_language() or ""
    by_place = {(page.locale.language_code, page.translation_key): page for page in known}
    found = []
    for code, _name in settings.LANGUAGES:
        versions = [by_place.get((code, page.translation_key)) for page in chain]
        if versions and versions[0]:
            nearest = next(page for page in reversed(versions) if page)
            is_same = versions[-1] is not None and language_told(versions[-1]) == code
            address = (nearest.get_url(request) or "") + (rest if nearest is versions[-1] else "")
            found.append(_language(code, address, current, is_same=is_same))
    return found


def languages_of_view(path: str, homes: set[str]) -> list[Language]:
    """Of an address that is no page: the same path under each language that has a home."""
    current = get_language() or ""
    rest = path.partition("/")[2].partition("/")[2]  # its query included
    codes = (code for code, _name in settings.LANGUAGES if code in homes)
    return [_language(code, f"/{code}/{rest}", current, is_same=True) for code in codes]


def offered() -> set[str]:
    """The codes of the languages that have a home."""
    return set(published(NodePage).values_list("locale__language_code", flat=True))


def in_offered_language(model: type[PageType]) -> PageQuerySet[PageType]:
    """Published pages of a type in the language of the address, if that language has a home."""
    homes = published(NodePage).filter(locale__language_code=get_language()).values("locale")
    return published(model).filter(locale__in=homes)


def _language(code: str, address: str, current: str, *, is_same: bool) -> Language:
    with override(code):
        note = "" if is_same else _("not translated")
    name = get_language_info(code)["name_local"].capitalize()
    return Language(code, name, address, is_current=code == current, note=note)
