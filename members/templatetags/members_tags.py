"""Networks and biobanks as templates show them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from wagtail.blocks.list_block import ListValue

from members.describing.amounts import ages, donors, samples, written
from members.describing.diagnoses import first_of, grouped, known
from members.finder.catalogue import catalogue
from members.finder.entries import Entry, NetworkName
from members.finder.finding import find
from members.finder.wishes import Wish
from members.models import Collection, FactKind, Membership, NetworkPage
from members.models.code_labels import label
from members.profiles.saying import Said, Told
from pages.search.words import Question
from pages.templatetags.site_tags import frame_of
from pages.tree.links import in_readers_language
from pages.tree.safe_links import safe_href
from visitors.cache.generation import kept

register = template.Library()
register.simple_tag(catalogue, name="all_biobanks")
for in_words in (samples, donors, ages, written, grouped, first_of):
    register.filter(in_words)

LISTED_IN_SEARCH = 5
DIRECTORY_LANGUAGE = "en"
LONGEST_SHOWN = 40  # characters of an address
IN_LANGUAGE = {
    "en": gettext_lazy("in English"),
    "nl": gettext_lazy("in Dutch"),
    "fr": gettext_lazy("in French"),
    "de": gettext_lazy("in German"),
}


@register.simple_tag(takes_context=True)
def shown_networks(context: Context) -> list[NetworkPage]:
    """The networks in the page's language."""
    node = frame_of(context).node
    return _networks_of(node.locale_id) if node else []


@kept
def _networks_of(language: int) -> list[NetworkPage]:
    return list(NetworkPage.shown().filter(locale=language))


@register.simple_tag
def chosen_networks(chosen: ListValue) -> list[NetworkPage]:
    """The networks of a block, in its order, that visitors may see."""
    return list(in_readers_language(chosen, NetworkPage.shown()).values())


@register.simple_tag
def biobanks_of(network: NetworkPage) -> list[Entry]:
    return catalogue().in_network(network.slug)


@dataclass(frozen=True)
class FoundBiobanks:
    """The best of what a site search finds among the biobanks. `query` asks the finder for all."""

    best: list[Entry]
    number: int
    query: str


@register.simple_tag
def found_biobanks(question: Question) -> FoundBiobanks:
    """Only where all the words are found as they are: the finder itself is more forgiving."""
    wish = Wish(question, sort="best")
    found = find(wish, catalogue())
    entries = [] if wish.is_open or found.is_partial or found.corrected else list(found.entries)
    return FoundBiobanks(entries[:LISTED_IN_SEARCH], len(entries), wish.query())


@register.filter
def networks_of(entry: Entry) -> list[NetworkName]:
    return catalogue().networks_of(entry)


@register.filter
def network_name(membership: Membership) -> NetworkName | None:
    """What the reader's language calls the network of a membership."""
    networks = catalogue().networks_here().values()
    return next((name for name in networks if name.key == membership.network), None)


@register.filter
def in_language(text: str, language: str | None) -> str:
    """A name, marked where it is in another language than the page (WCAG 2.2 SC 3.1.2)."""
    if not text or not language or language == get_language():
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def marked(said: Said | None) -> str:
    """Likewise, of a fact."""
    return in_language(said.text, said.language) if said else ""


@register.filter
def short_address(address: str) -> str:
    """A link's address as its words: the site, and the end of a long path."""
    plain = re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")
    site, slash, path = plain.partition("/")
    end = path.rpartition("/")[2]
    is_short = len(plain) <= LONGEST_SHOWN or "/" not in path
    return plain if is_short else f"{site}{slash}…{slash}{end}"


@register.filter
def language_name(language: str) -> str:
    """In the reader's words, as they stand within a sentence: "in Dutch"."""
    return str(IN_LANGUAGE.get(language, ""))


@register.simple_tag
def latest_check(told: Told, *kinds: str) -> date | None:
    """When somebody last looked at what the page says of these."""
    days = [said.checked for kind in kinds for said in told[kind] if said.checked]
    return max(days, default=None)


@register.simple_tag
def columns_of(collections: Iterable[Collection]) -> dict[str, bool]:
    """Which columns of the table of collections have anything to say."""
    rows = list(collections)
    return {
        "holdings": any(row.materials or known(row.diagnoses) for row in rows),
        "numbers": any(samples(row) or donors(row) for row in rows),
    }


@register.filter
def without(chosen: Sequence[str], collection: Collection) -> list[str]:
    """What is left of a shortlist that a collection is taken off."""
    return [key for key in chosen if key != collection.key]


@register.filter
def contacts(collection: Collection) -> list[str]:
    """Addresses at which its biobank says how to ask, or else at least who it is."""
    biobank = collection.biobank
    links = filter(safe_href, (collection.access_url, collection.website, biobank.own_website))
    mailboxes = (said.text for said in biobank.told[FactKind.MAILBOX] if not said.reported_by)
    found = list(dict.fromkeys((*mailboxes, *links)))
    return found or ([collection.directory_url] if collection.is_of_directory else [])


@register.filter
def labelled(code: str, kind: str) -> str:
    """A code of one of the Directory's lists, in words."""
    return label(kind, code)
