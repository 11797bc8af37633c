"""Full addresses for those who are not on the site; and addresses short enough to be kept."""

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from wagtail.models import Page

STORED = 255  # characters of an old address that a redirect can keep
LONGEST = 240  # leaves a copy or a translation room for the number that makes its slug its own


def full_url(page: Page) -> str:
    """The public address of a page, by SITE_URL: Wagtail's record of the site may lag behind."""
    parts = page.get_url_parts()
    return settings.SITE_URL + ((parts and parts[2]) or "/")


def address_length(url_path: str) -> int:
    """Of a page's address, by its place in the tree, where a home has a name and not a language."""
    return len(f"/en/{url_path.split('/', 2)[-1]}")


def refuse_too_long(parent: Page, slug: str, page: Page | None = None) -> None:
    """Raises ValidationError where a page, or one below it, could never be redirected from there.

    `page` is what is moved, copied or renamed.
    """
    own = address_length(parent.url_path) + len(slug) + 1
    below = page.get_descendants().aggregate(most=Max(Length("url_path")))["most"] if page else None
    longest = own + (below - len(page.url_path) if page and below else 0)
    if longest <= LONGEST or parent.is_root():
        return
    about = {"length": longest, "most": LONGEST}
    if longest > own:
        message = _(
            "The address of a page below it would be too long to be kept: %(length)s characters "
            "instead of at most %(most)s. Choose a shorter slug."
        )
    else:
        message = _(
            "The address would be too long to be kept: %(length)s characters instead of at most "
            "%(most)s. Choose a shorter slug."
        )
    raise ValidationError(message, params=about)


def taken_elsewhere(parent: Page, slug: str, page: Page) -> Iterator[str]:
    """Which other pages have a page's address in another language, told in a sentence each."""
    in_place = Q(pk__in=[])
    for place in Page.objects.filter(translation_key=parent.translation_key).exclude(pk=parent.pk):
        in_place |= Q(path__startswith=place.path, depth=place.depth + 1)
    others = Page.objects.filter(in_place, slug=slug).exclude(translation_key=page.translation_key)
    told = _("In %(language)s this is the address of “%(title)s”: choose another.")
    for taken in others.select_related("locale"):
        yield told % {"language": taken.locale.get_display_name(), "title": taken.title}
