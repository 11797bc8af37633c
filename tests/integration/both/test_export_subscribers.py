"""Subscribers as a file: safe to open, by the filters, permitted and logged."""

import csv
import io
import json
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Group, User
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from newsletter.admin.permissions import MANAGERS
from newsletter.files import exports
from newsletter.files.exports import Format, safe
from newsletter.models import Subscriber
from tests import builders


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def exported(desk: Client, format_: str, query: str = "") -> str:
    answer = desk.post(reverse("subscribers:export") + query, {"format": format_})
    assert isinstance(answer, StreamingHttpResponse)
    assert "attachment" in answer["Content-Disposition"]
    return answer.getvalue().decode()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d"])
def test_a_cell_is_never_a_formula(begin: str) -> None:
    """Nor is a part of it where a program separates cells by another sign than the file does."""
    assert safe(f"{begin}cmd") == f"'{begin}cmd"
    assert safe(f"a;{begin}cmd") == f"a;'{begin}cmd"
    assert safe("a,=cmd") == "a,'=cmd"


def test_words_stay_as_they_are() -> None:
    assert safe("Plasma, -80 \u00b0C; north-east") == "Plasma, -80 \u00b0C; north-east"


@pytest.mark.parametrize(("format_", "delimiter"), [("csv", ","), ("excel", ";")])
def test_a_csv_file_is_quoted_and_safe(desk: Client, format_: str, delimiter: str) -> None:
    builders.subscriber("=cmd@example.org")
    text = exported(desk, format_)
    assert text.startswith("\ufeff") == (format_ == "excel")
    names, row = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
    assert tuple(names) == exports.EXPORTED_COLUMNS
    assert dict(zip(names, row, strict=True))["address"] == "'=cmd@example.org"
    assert all(cell.startswith('"') for cell in text.splitlines()[1].split(delimiter))


def test_json_has_the_addresses_as_they_are(desk: Client) -> None:
    builders.subscriber("=cmd@example.org", topics=["b", "a"])
    (row,) = json.loads(exported(desk, "json"))
    assert row["address"] == "=cmd@example.org"
    assert row["topics"] == ["a", "b"]
    assert row["left"] is None


def test_json_of_nobody_is_an_empty_list(desk: Client) -> None:
    assert json.loads(exported(desk, "json")) == []


def test_the_filters_hold(desk: Client) -> None:
    builders.subscriber("a@example.org")
    builders.subscriber("b@example.org", language="nl")
    rows = json.loads(exported(desk, "json", "?language=nl"))
    assert [row["address"] for row in rows] == ["b@example.org"]
    entry = ModelLogEntry.objects.get(action="newsletter.export")
    assert entry.message == "Exported subscribers as json: 1"


def test_a_filter_that_is_not_understood_sends_nobody(desk: Client) -> None:
    builders.subscriber()
    address = reverse("subscribers:export") + "?language=xx"
    for answer in (desk.get(address), desk.post(address, {"format": "json"})):
        assert answer.status_code == HTTPStatus.FOUND
    assert not ModelLogEntry.objects.filter(action="newsletter.export").exists()


@pytest.mark.parametrize("format_", ["", "xlsx", "csv\0"])
def test_another_format_is_refused(desk: Client, format_: str) -> None:
    answer = desk.post(reverse("subscribers:export"), {"format": format_})
    assert not isinstance(answer, StreamingHttpResponse)


def test_looking_exports_nothing(desk: Client) -> None:
    builders.subscriber("a@example.org")
    shown = desk.get(reverse("subscribers:export")).content.decode()
    assert "1 subscriber goes into the file" in shown
    assert "a@example.org" not in shown


def test_exporting_has_a_permission_of_its_own(desk: Client) -> None:
    group = Group.objects.get(name=MANAGERS)
    group.permissions.remove(group.permissions.get(codename="export_subscriber"))
    address = reverse("subscribers:export")
    assert desk.post(address, {"format": "csv"})["Location"] == reverse("wagtailadmin_home")
    assert address not in desk.get(reverse("subscribers:index")).content.decode()


def test_rows_are_read_and_sent_in_chunks(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        builders.subscriber(f"person{number}@example.org")
    monkeypatch.setattr(exports, "CHUNK", 2)
    pieces = list(exports.lines(Subscriber.objects.all(), Format.CSV))
    assert [piece.count("\n") for piece in pieces] == [2, 2, 2]
