"""The list of biobanks as files: CSV and JSON of what is filtered, CSV of a shortlist."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.finder.entries import Catalogue, Entry
from members.finder.finding import find
from members.finder.wishes import wish_of
from members.models import Biobank, BiobanksPage, Collection, FactKind
from members.models.code_labels import label
from members.shortlists import chosen_collections, renamed
from pages.formats.spreadsheets import without_formula
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language

BESIDE = (
    "postcode", "website", "directory_id", "pid", "ror", "notification_number",
    "open_to_companies", "open_to_non_profit", "as_of",
)  # fmt: skip

BIOBANK_COLUMNS = (
    "name", "acronym", "page", "host", "city", "networks", "materials", "types", "quality",
    "collections", "latitude", "longitude", *BESIDE,
)  # fmt: skip
CHOSEN_COLUMNS = (
    "collection", "directory_id", "directory_record", "biobank", "page", "materials", "types",
    "samples", "donors",
)  # fmt: skip

Row = dict[str, Any]


@require_safe
def biobanks_csv(request: HttpRequest) -> HttpResponse:
    return _csv(BIOBANK_COLUMNS, _rows(request), "biobanks")


@require_safe
def biobanks_json(request: HttpRequest) -> HttpResponse:
    known = catalogue()
    document = {
        "language": get_language(),
        "directory_data_of": known.data_date and known.data_date.isoformat(),
        "biobanks": list(_rows(request)),
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json")


@require_safe
def shortlist_csv(request: HttpRequest) -> HttpResponse:
    home = _finder_address()
    if moved := renamed(request):
        return moved
    shortlist = chosen_collections(request.GET, Collection.objects.shown().with_traits())
    rows = (_collection_row(one, home) for one in shortlist.collections)
    response = _csv(CHOSEN_COLUMNS, rows, "shortlist")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _finder_address() -> str:
    page = in_offered_language(BiobanksPage).first()
    if page is None:
        raise Http404
    return full_url(page)


def _rows(request: HttpRequest) -> Iterator[Row]:
    """What the finder would show for the same query, all pages of it."""
    home, known = _finder_address(), catalogue()
    entries = find(wish_of(request.GET, known), known).entries
    rows = Biobank.objects.shown().select_related("profile").prefetch_related("profile__facts")
    more = {biobank.pk: biobank for biobank in rows}
    return (_row(entry, more[entry.pk], home, known) for entry in entries if entry.pk in more)


def _row(entry: Entry, biobank: Biobank, home: str, known: Catalogue) -> Row:
    number = biobank.told.first(FactKind.NOTIFICATION)
    about = {name: getattr(biobank, name) for name in BESIDE} | {
        "host": str(entry.host or ""),
        "website": biobank.own_website,
        "notification_number": number.text if number else "",
        "open_to_companies": biobank.works_with_companies,
        "page": f"{home}{entry.slug}/",
        "city": entry.city_name,
        "networks": [name.short for name in known.networks_of(entry)],
        "types": sorted(label(TraitKind.TYPE, code) for code in entry.held["type"]),
        "quality": list(entry.standards),
        "as_of": biobank.as_of.isoformat(),
    }
    return {
        name: about[name] if name in about else getattr(entry, name) for name in BIOBANK_COLUMNS
    }


def _collection_row(collection: Collection, home: str) -> Row:
    return {
        "collection": collection.label,
        "directory_id": collection.directory_id,
        "directory_record": collection.directory_url,
        "biobank": collection.biobank.name,
        "page": f"{home}{collection.biobank.slug}/",
        "materials": collection.labels(TraitKind.MATERIAL),
        "types": collection.labels(TraitKind.TYPE),
        "samples": collection.size,
        "donors": collection.donors,
    }


def _csv(columns: tuple[str, ...], rows: Iterable[Row], name: str) -> HttpResponse:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cell(value: object) -> str:
    """As a spreadsheet reads it: a number stays one, words never become a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return without_formula(text)
