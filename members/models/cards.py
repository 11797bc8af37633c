"""What search engines and shared links say of a biobank, where a page has its summary."""

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from members.models.biobanks import Biobank
from members.models.profiles import FactKind
from pages.printable import plain_words

LONGEST = 200  # letters: what a search engine shows, and some more


def card_of(biobank: Biobank) -> str:
    """Our own introduction, else the Directory's words, which are English, else the facts."""
    own = (one.text for one in biobank.told[FactKind.INTRODUCTION] if one.is_of_reader)
    told = plain_words(next(own, ""))
    if not told and get_language() == settings.LANGUAGE_CODE:
        told = " ".join(biobank.description.split())
    return Truncator(told or _facts(biobank)).chars(LONGEST)


def _facts(biobank: Biobank) -> str:
    town, number = biobank.city_name, len(biobank.shown_collections)
    names = {"name": biobank.name, "town": town}
    where = _("%(name)s, a biobank in %(town)s.") if town else _("%(name)s, a biobank in Belgium.")
    counted = ngettext("It has %(number)d collection.", "It has %(number)d collections.", number)
    return " ".join([where % names, *([counted % {"number": number}] if number else [])])
