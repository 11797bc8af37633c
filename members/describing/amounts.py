"""How much a collection holds, in words."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import codes
from members.models.collections import Collection

MANY = 10  # what a power of ten is spoken of as


def samples(collection: Collection) -> str:
    """How many it has."""
    number, amount = collection.size, _amount(collection.size, collection.size_magnitude)
    words = ngettext("%(amount)s sample", "%(amount)s samples", MANY if number is None else number)
    return words % {"amount": amount} if amount else ""


def donors(collection: Collection) -> str:
    """Likewise."""
    number, amount = collection.donors, _amount(collection.donors, collection.donors_magnitude)
    words = ngettext("%(amount)s donor", "%(amount)s donors", MANY if number is None else number)
    return words % {"amount": amount} if amount else ""


def samples_at_least(collections: Iterable[Collection]) -> int:
    """That they have for certain. The parts of one of them are counted in it."""
    there = {one.pk: one for one in collections}
    return sum(_lowest(one) for one in there.values() if one.parent_id not in there)


def _lowest(collection: Collection) -> int:
    if collection.size is not None or collection.size_magnitude is None:
        return collection.size or 0
    return codes.magnitude_bounds(collection.size_magnitude)[0]


def _amount(number: int | None, magnitude: int | None) -> str:
    """A number, else what its power of ten means."""
    if number is not None:
        return written(number)
    if magnitude is None:
        return ""
    low, high = codes.magnitude_bounds(magnitude)
    if high is None:
        return _("%(low)s or more") % {"low": written(low)}
    if not low:
        return _("fewer than %(high)s") % {"high": written(high)}
    return _("%(low)s to %(high)s") % {"low": written(low), "high": written(high)}


def ages(collection: Collection) -> str:
    """Of its donors."""
    low, high = collection.age_low, collection.age_high
    values = {"low": low, "high": high, "unit": collection.get_age_unit_display()}
    if low is None and high is None:
        return ""
    if high is None:
        return _("from %(low)s %(unit)s") % values
    if low is None:
        return _("up to %(high)s %(unit)s") % values
    return _("%(low)s to %(high)s %(unit)s") % values


def written(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)
