"""What the Directory counted in a collection: by disease, sex, age and sample type, each alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from members import codes
from members.describing.diagnoses import known, named
from members.models.code_labels import CodeLabel, label
from members.models.collections import Collection

LISTED = 10  # lines of a table before "more"
AGES = {code: place for place, code in enumerate(codes.AgeRange.values)}  # the young first
KINDS = {
    "disease": codes.DISEASE,
    "sex": codes.TraitKind.SEX,
    "age": codes.AGE_RANGE,
    "material": codes.TraitKind.MATERIAL,
}
Count = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """How many of one disease, sex, age or sample type; None: nobody says."""

    words: str
    samples: int | None
    donors: int | None


@dataclass(frozen=True)
class Breakdown:
    """`is_sum`: the Directory tells it in finer rows, whose samples are added up here.

    Donors are not: one of them may be in several rows.
    """

    caption: str
    heading: str
    lines: Sequence[Line]
    is_sum: bool

    @property
    def first(self) -> Sequence[Line]:
        return self.lines[:LISTED]

    @property
    def more(self) -> Sequence[Line]:
        return self.lines[LISTED:]

    @property
    def has_samples(self) -> bool:
        return any(line.samples is not None for line in self.lines)

    @property
    def has_donors(self) -> bool:
        return any(line.donors is not None for line in self.lines)


def breakdowns(collection: Collection) -> list[Breakdown]:
    """Costs a query where it counts diseases that it does not list."""
    captions = {
        "disease": (_("By disease"), _("Disease")),
        "sex": (_("By sex"), _("Sex")),
        "age": (_("By age"), _("Age")),
        "material": (_("By sample type"), _("Sample type")),
    }
    found = []
    for axis, (caption, heading) in captions.items():
        by_code, is_sum = along(axis, collection.counts)
        if by_code:
            found.append(Breakdown(caption, heading, _lines(axis, by_code, collection), is_sum))
    return found


def along(axis: str, counts: Iterable[Count]) -> tuple[dict[str, list[Count]], bool]:
    """The rows of each code; and whether they are finer than it.

    Of rows that are told more than once, coarser and finer, only the coarsest: no sample is
    counted twice.
    """
    by_fineness: dict[tuple[str, ...], list[Count]] = defaultdict(list)
    for count in counts:
        told = tuple(one for one in KINDS if count.get(one) not in (None, codes.ANY))
        if axis in told:
            by_fineness[told].append(count)
    if not by_fineness:
        return {}, False
    told = min(by_fineness, key=lambda told: (len(told), told))
    rows: dict[str, list[Count]] = defaultdict(list)
    for count in by_fineness[told]:
        rows[count[axis]].append(count)
    return rows, len(told) > 1


def _lines(axis: str, rows: Mapping[str, Sequence[Count]], collection: Collection) -> list[Line]:
    in_words = _diseases(rows, collection) if axis == "disease" else partial(label, KINDS[axis])
    lines = {code: _line(in_words(code), counts) for code, counts in rows.items()}
    order = _by_age if axis == "age" else _largest_first
    return [lines[code] for code in sorted(lines, key=lambda code: order(code, lines[code]))]


def _line(words: str, counts: Sequence[Count]) -> Line:
    samples = [count["samples"] for count in counts if "samples" in count]
    donors = counts[0].get("donors") if len(counts) == 1 else None
    return Line(words, sum(samples) if samples else None, donors)


def _by_age(code: str, _line: Line) -> tuple[int, str]:
    return AGES.get(code, len(AGES)), code


def _largest_first(code: str, line: Line) -> tuple[int, int, str]:
    return -(line.samples or 0), -(line.donors or 0), code


def _diseases(rows: Iterable[str], collection: Collection) -> Callable[[str], str]:
    told = dict(known(collection.diagnoses))
    if missing := [code for code in rows if code not in told]:
        labels = CodeLabel.objects.filter(kind=codes.DISEASE, code__in=missing)
        told |= dict(labels.values_list("code", "label"))
    return lambda code: named(code, told.get(code, "")).whole
