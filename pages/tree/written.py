"""The language that words are written in: another than their page's where that waits for its own.

While a page's words are drawn, the language in force is that of the mark around them. So whatever
is drawn with them, a date or a label, is of the language that it is marked with.
"""

from html import unescape
from uuid import UUID

from bs4 import BeautifulSoup, Tag
from django.utils.html import strip_tags
from wagtail.models import Locale, Page, TranslatableMixin

from pages.translating.pieces import left_live
from visitors.cache.generation import kept

HIDDEN = "visually-hidden"  # our own words within a link
CUT = "…"  # ends what a card shows of a summary


def language_of(page: TranslatableMixin) -> str:
    """Of the words of a page or snippet, with all that it has no words of its own for."""
    own = _standing_in().get(page.pk) if _is_alias(page) else None
    return own or locale_of(page).language_code


def language_told(page: Page) -> str:
    """The one that machines are told: of its title, where that went live untranslated."""
    return _left_in(page).get(page.title.strip()) or language_of(page)


def language_of_title(page: Page) -> str:
    """A name may be in another language than all else."""
    return getattr(page, "title_language", "") or language_told(page)


def marked(html: str, page: TranslatableMixin) -> str:
    """What is drawn of a page or snippet: what went live untranslated, marked piece by piece."""
    left = _left_in(page)
    if not left:
        return html
    soup, is_as_it_was = BeautifulSoup(html, "html.parser"), True
    for tag in soup.find_all(True):
        language = _language_of_tag(tag, left)
        if language and not tag.find_parent(lang=language):
            tag["lang"], is_as_it_was = language, False
    return html if is_as_it_was else str(soup)


def _language_of_tag(tag: Tag, left: dict[str, str]) -> str:
    seen = (text for text in tag.strings if not text.find_parent(class_=HIDDEN))
    words = " ".join("".join(seen).split())
    if len(words) > len(CUT) and words.endswith(CUT):
        words = next((each for each in left if each.startswith(words.removesuffix(CUT))), words)
    return left.get(words, "")


def _is_alias(page: TranslatableMixin) -> bool:
    return isinstance(page, Page) and page.alias_of_id is not None


def _left_in(page: TranslatableMixin) -> dict[str, str]:
    return {} if _is_alias(page) else _left().get((page.translation_key, page.locale_id), {})


@kept
def _left() -> dict[tuple[UUID, int], dict[str, str]]:
    """By page or snippet: the words of each piece that nobody translated, with their language."""
    left: dict[tuple[UUID, int], dict[str, str]] = {}
    for key, locale, _place, piece, language in left_live():
        words = " ".join(unescape(strip_tags(piece)).split())
        left.setdefault((key, locale), {})[words] = language
    return left


@kept
def _standing_in() -> dict[int, str]:
    """By alias: the language of the page it follows, through others if need be."""
    columns = ("pk", "alias_of", "alias_of__locale__language_code")
    aliases = Page.objects.exclude(alias_of=None).order_by().values_list(*columns)
    sources = {pk: (source, language) for pk, source, language in aliases}
    found = {}
    for pk, (source, language) in sources.items():
        while source in sources:
            source, language = sources[source]  # noqa: PLW2901  one step further
        found[pk] = language
    return found


def locale_of(page: TranslatableMixin) -> Locale:
    return _locales().get(page.locale_id) or page.locale


@kept
def _locales() -> dict[int, Locale]:
    return Locale.objects.in_bulk()
