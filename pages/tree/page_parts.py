"""A part of a page: what it shows at an address below its own, like one row of a list."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Step:
    """A part above a part. `address`: below the page's own."""

    title: str
    address: str
    language: str = ""  # as a part's title


@dataclass(frozen=True)
class PagePart:
    """In a template's context as `part`. `about` is what structured data describe, if anything."""

    title: str | Promise
    about: object = None
    title_language: str = ""  # of a title that is a name in another language than the page's
    description: str = ""  # for search engines, and where its address is shared
    above: tuple[Step, ...] = ()
