"""What stands for a page where its address is shared: some words and a picture."""

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.template import Context
from django.templatetags.static import static
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.models import BasePage
from pages.printable import plain_words
from pages.tree.written import language_of

OF_THE_SITE = gettext_lazy(
    "BBMRI.be is the Belgian national node of BBMRI-ERIC, the European research infrastructure "
    "for biobanking."
)
LONGEST = 200  # letters of a description: search engines cut what is longer
LOGO = ("img/social.png", 1200, 630)


@dataclass(frozen=True)
class Card:
    """`language` is that of the description."""

    description: str
    language: str
    image: str
    width: int
    height: int
    alt: str


def card(page: Page | None, context: Context) -> Card:
    """Of a page, of a part of it, or of a view; each has a description and a picture."""
    said = _description(page, context)
    language = language_of(page) if said and page else get_language() or ""
    picture = _picture(None if "part" in context else page)
    return Card(said or str(OF_THE_SITE), language, *picture)


def _description(page: Page | None, context: Context) -> str:
    part = context.get("part")
    if part or context.get("version"):
        return str(getattr(part, "description", ""))
    told = page and (page.search_description or getattr(page, "summary", ""))
    return str(told or _first_words(page) or context.get("description", ""))


def _first_words(page: Page | None) -> str:
    """Of the first paragraph of its body."""
    texts = (block.value for block in getattr(page, "body", ()) if block.block_type == "paragraph")
    return Truncator(plain_words(str(next(texts, "")))).chars(LONGEST)


def _picture(page: Page | None) -> tuple[str, int, int, str]:
    """Its own, as it was made at saving, where it has one; else the site's, with what it shows."""
    picture, alt = page.shared_picture if isinstance(page, BasePage) else (None, "")
    sizes = picture.sizes.get("wide", {}).get("jpeg") if picture else None
    if not sizes:
        file, width, height = LOGO
        return settings.SITE_URL + static(file), width, height, _("The logo of BBMRI.be")
    file, width, height = sizes[-1]
    return urljoin(settings.SITE_URL, default_storage.url(file)), width, height, alt
