"""The catalogue is read once and kept until something changes.

To find in it and to count it needs no database, and is as quick for many.
"""

from django.utils import timezone

from members.finder.entries import Catalogue
from members.finder.reading import read
from visitors.cache.generation import kept


def catalogue() -> Catalogue:
    """As of today: memberships begin and end while nothing is saved."""
    return _read(timezone.localdate())


_read = kept(read)
