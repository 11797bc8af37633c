"""Networks and biobanks as templates show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.blocks.list_block import ListValue

from members import codes
from members.finder.catalogue import catalogue
from members.finder.entries import Entry, NetworkName
from members.finder.finding import find
from members.finder.wishes import Wish
from members.models import Biobank, Collection, Membership, NetworkPage
from pages.search.words import Question
from pages.templatetags.site_tags import frame_of
from pages.tree.links import in_readers_language
from pages.tree.safe_links import safe_href
from visitors.cache.generation import kept

register = template.Library()
register.simple_tag(catalogue, name="all_biobanks")

LISTED_IN_SEARCH = 5
MANY = 10  # what a power of ten is spoken of as
DIRECTORY_LANGUAGE = "en"


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


@register.simple_tag
def objection_address(biobank: Biobank) -> str:
    """Where its patients object: in the reader's language, else in any."""
    own = biobank.text()
    if own and own.objection_url:
        return own.objection_url
    others = biobank.texts.exclude(objection_url="").order_by("pk")
    return others.values_list("objection_url", flat=True).first() or ""


@register.simple_tag
def columns_of(collections: Iterable[Collection]) -> dict[str, bool]:
    """Which columns of the table of collections have anything to say."""
    rows = list(collections)
    return {
        "holdings": any(row.holdings for row in rows),
        "numbers": any(samples(row) or donors(row) for row in rows),
        "donors": any(ages(row) or row.diagnoses for row in rows),
        "access": any(
            row.access_description or row.access_url or row.commercial_use is not None
            for row in rows
        ),
    }


@register.filter
def samples(collection: Collection) -> str:
    """How many it has, in words."""
    number, amount = collection.size, _amount(collection.size, collection.size_magnitude)
    words = ngettext("%(amount)s sample", "%(amount)s samples", MANY if number is None else number)
    return words % {"amount": amount} if amount else ""


@register.filter
def donors(collection: Collection) -> str:
    """Likewise."""
    number, amount = collection.donors, _amount(collection.donors, collection.donors_magnitude)
    words = ngettext("%(amount)s donor", "%(amount)s donors", MANY if number is None else number)
    return words % {"amount": amount} if amount else ""


def _amount(number: int | None, magnitude: int | None) -> str:
    """A number, else what its power of ten means."""
    if number is not None:
        return _written(number)
    if magnitude is None:
        return ""
    low, high = codes.magnitude_bounds(magnitude)
    if high is None:
        return _("%(low)s or more") % {"low": _written(low)}
    if not low:
        return _("fewer than %(high)s") % {"high": _written(high)}
    return _("%(low)s to %(high)s") % {"low": _written(low), "high": _written(high)}


@register.filter
def ages(collection: Collection) -> str:
    """Of its donors, in words."""
    low, high = collection.age_low, collection.age_high
    values = {"low": low, "high": high, "unit": collection.get_age_unit_display()}
    if low is None and high is None:
        return ""
    if high is None:
        return _("from %(low)s %(unit)s") % values
    if low is None:
        return _("up to %(high)s %(unit)s") % values
    return _("%(low)s to %(high)s %(unit)s") % values


@register.filter
def without(chosen: Sequence[str], collection: Collection) -> list[str]:
    """What is left of a shortlist that a collection is taken off."""
    return [key for key in chosen if key != collection.key]


@register.filter
def contacts(collection: Collection) -> list[str]:
    """Addresses at which its biobank says how to ask, or else at least who it is."""
    told = (collection.access_url, collection.website, collection.biobank.website)
    found = list(dict.fromkeys(filter(safe_href, told)))
    return found or ([collection.directory_url] if collection.is_of_directory else [])


@register.filter
def diagnosis(entry: object) -> str:
    """One of a collection's list: its label, with its code where it has both."""
    if not isinstance(entry, dict):
        return str(entry)
    label, code = str(entry.get("label") or ""), codes.disease(str(entry.get("code") or ""))
    if label and get_language() != DIRECTORY_LANGUAGE:
        label = format_html('<span lang="{}">{}</span>', DIRECTORY_LANGUAGE, label)
    return format_html("{} ({})", label, code) if label and code else label or code


def _written(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)
