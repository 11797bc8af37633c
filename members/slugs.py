"""The last step of the address of a biobank, or of a collection."""

from collections.abc import Iterable

from anyascii import anyascii
from django.utils.text import slugify

RESERVED = frozenset({"shortlist"})  # addresses below the finder that are no biobank
LONGEST_SLUG = 80  # characters: the field's
ROOM_FOR_NUMBER = 6  # of them, for "-1234"


def free_slug(name: str, taken: Iterable[str], otherwise: str = "biobank") -> str:
    """The name in plain letters, with a number where another has it.

    `otherwise`: of a name without letters.
    """
    taken = RESERVED | set(taken)
    plain = slugify(anyascii(name))[: LONGEST_SLUG - ROOM_FOR_NUMBER].strip("-") or otherwise
    slug, number = plain, 1
    while slug in taken:
        number += 1
        slug = f"{plain}-{number}"
    return slug
