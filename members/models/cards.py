"""What search engines and shared links say of a biobank or collection, as a page's summary."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from members.describing.amounts import donors, samples
from members.describing.diagnoses import first_of
from members.models.biobanks import Biobank
from members.models.collections import Collection
from members.models.profiles import FactKind
from pages.printable import plain_words

LONGEST = 200  # letters: what a search engine shows, and some more
MOST_HELD = 6  # diseases and sample types


def card_of(biobank: Biobank) -> str:
    """Our own introduction, else the Directory's words, which are English, else the facts."""
    own = (one.text for one in biobank.told[FactKind.INTRODUCTION] if one.is_of_reader)
    told = plain_words(next(own, ""))
    if not told and get_language() == settings.LANGUAGE_CODE:
        told = " ".join(biobank.description.split())
    return Truncator(told or _facts(biobank)).chars(LONGEST)


def card_of_collection(collection: Collection) -> str:
    """The Directory's words, which are English, else what it has, in the reader's."""
    told = " ".join(collection.description.split())
    if not told or get_language() != settings.LANGUAGE_CODE:
        told = " ".join(_facts_of_collection(collection))
    return Truncator(told).chars(LONGEST)


def _facts_of_collection(collection: Collection) -> Iterator[str]:
    names = {"name": collection.label, "biobank": collection.biobank.name}
    yield _("%(name)s, a collection of %(biobank)s.") % names
    diseases, _more = first_of(collection.diagnoses)
    held = [strip_tags(one.words) for one in diseases] + collection.materials
    amounts = filter(None, [samples(collection), donors(collection)])
    for said in ([*amounts], held[:MOST_HELD]):
        if said:
            yield f"{', '.join(said)}."


def _facts(biobank: Biobank) -> str:
    town, number = biobank.city_name, len(biobank.shown_collections)
    names = {"name": biobank.name, "town": town}
    where = _("%(name)s, a biobank in %(town)s.") if town else _("%(name)s, a biobank in Belgium.")
    counted = ngettext("It has %(number)d collection.", "It has %(number)d collections.", number)
    return " ".join([where % names, *([counted % {"number": number}] if number else [])])
