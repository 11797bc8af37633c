"""Lists as Excel, Google, Mailchimp and Brevo write them: read, asked about or refused in words."""

import codecs
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from newsletter.files import exports
from newsletter.files.exports import Format
from newsletter.models import ConsentEvent, SignUp, Subscriber
from newsletter.subscribers import acts
from tests import builders

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

ADDRESS = "/admin/newsletter/subscribers/import/"
EXCEL = (
    "address;language;topics;evidence;asked_at\r\n"
    "ada@example.org;nl;newsletter;Papier, map 3;31/05/2024\r\n"
)
GOOGLE = EXCEL.replace(", map", " map").replace(";", ",").replace("31/05/2024", "2024-05-31")
MAILCHIMP = (
    '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,'
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    'ada@example.org,Ada,Peeters,2,,,"2024-05-31 10:12:40",192.0.2.7,,,,,,,,"2024-06-01 08:00:00",'
    'some-leid,some-euid,,"""Gent"",""Congress"""\n'
)
FORMS = (
    '"Timestamp","Email Address","Wilt u de nieuwsbrief?\nJa, of nee"\n'
    '"2024/05/31 1:43:01 PM GMT+2","ada@example.org","Ja"\n'
)
SAME = {"language": "nl", "topics": ["newsletter"], "evidence": "Formulier van het congres"}
MIDNIGHT, PAPER = "2024-05-31T00:00:00+02:00", "Papier, map 3"

READ: dict[str, tuple[bytes, str, str]] = {  # of our own columns: nothing is asked
    "Excel, CSV UTF-8": (codecs.BOM_UTF8 + EXCEL.encode(), MIDNIGHT, PAPER),
    "Excel, CSV": (EXCEL.replace("map", "été").encode("cp1252"), MIDNIGHT, "Papier, été 3"),
    "Excel in French": (EXCEL.replace("31/05/2024", "31-05-24").encode(), MIDNIGHT, PAPER),
    "Excel in German": (EXCEL.replace("31/05/2024", "31.05.2024").encode(), MIDNIGHT, PAPER),
    "Excel, with its own line": (b"sep=;\r\n" + EXCEL.encode(), MIDNIGHT, PAPER),
    "Excel, Unicode text": (EXCEL.replace(";", "\t").encode("utf-16"), MIDNIGHT, PAPER),
    "UTF-16, the other way": (codecs.BOM_UTF16_BE + EXCEL.encode("utf-16-be"), MIDNIGHT, PAPER),
    "Excel, empty columns": (EXCEL.replace("\r\n", ";;\r\n").encode(), MIDNIGHT, PAPER),
    "Excel, cells left out": (EXCEL.replace("asked_at", "asked_at;note").encode(), MIDNIGHT, PAPER),
    "Excel for Mac": (EXCEL.replace("\r\n", "\r").encode(), MIDNIGHT, PAPER),
    "date and time": (
        EXCEL.replace("31/05/2024", "31-5-2024 10:12").encode(),
        "2024-05-31T10:12:00+02:00",
        PAPER,
    ),
    "Excel in English, US": (EXCEL.replace("31/05/2024", "5/31/2024").encode(), MIDNIGHT, PAPER),
    "a header with a line break": (
        EXCEL.replace("evidence", '"evidence\n"').encode(),
        MIDNIGHT,
        PAPER,
    ),
    "a long header": (
        EXCEL.replace("asked_at", "asked_at;" + "x" * 5000).encode(),
        MIDNIGHT,
        PAPER,
    ),
    "Google Sheets": (GOOGLE.strip().encode(), MIDNIGHT, "Papier map 3"),
    "a language by name": (EXCEL.replace("nl;", "Néerlandais;").encode(), MIDNIGHT, PAPER),
    "a language of a country": (EXCEL.replace("nl;", "nl-BE;").encode(), MIDNIGHT, PAPER),
}
ASKED: dict[str, tuple[bytes, dict[str, Any], str]] = {  # what is guessed is taken as it is
    "Mailchimp": (MAILCHIMP.encode(), SAME, "2024-05-31T10:12:40+02:00"),
    "Brevo": (
        b"CONTACT ID;EMAIL;FIRSTNAME;ADDED_TIME;MODIFIED_TIME\n"
        b"1;ada@example.org;Ada;31-05-2024 10:12:40;01-06-2024 08:00:00\n",
        SAME,
        "2024-05-31T10:12:40+02:00",
    ),
    "Google Forms": (FORMS.encode(), SAME, "2024-05-31T13:43:01+02:00"),
    "Google Forms in French": (
        FORMS.replace("Timestamp", "Horodateur")
        .replace("Email Address", "Adresse e-mail")
        .encode(),
        SAME,
        "2024-05-31T13:43:01+02:00",
    ),
    "Google Contacts": (
        b"First Name,E-mail 1 - Label,E-mail 1 - Value\r\nAda,* ,ada@example.org\r\n",
        SAME | {"asked_at": "2024-05-31"},
        MIDNIGHT,
    ),
    "German names": (
        b"E-Mail-Adresse;Sprache;Themen;Nachweis;Datum\nada@example.org;nl;newsletter;x;31.5.24\n",
        {},
        MIDNIGHT,
    ),
    "one column": (b"email\nada@example.org\n", SAME | {"asked_at": "2024-05-31"}, MIDNIGHT),
    "dates that are open": (
        EXCEL.replace("31/05/2024", "03/05/2024").encode(),
        {"order": "month"},
        "2024-03-05T00:00:00+01:00",
    ),
}
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "white space": (b"\r\n \r\n", "not a CSV file"),
    "names alone": (EXCEL.splitlines()[0].encode(), "no rows below its first line"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not in UTF-8"),
    "xlsx, or Mailchimp's zip": (b"PK\x03\x04\x14\0\x06\0\x08\0", "a workbook or an archive"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook or an archive"),
    "NUL": (EXCEL.replace("Papier", "Pap\0ier").encode(), "not a text file"),
    "UTF-16 without its mark": (EXCEL.encode("utf-16-le"), "not a text file"),
    "UTF-16, cut short": (EXCEL.encode("utf-16")[:-1], "not in UTF-8"),
    "of a Mac": (EXCEL.replace("map", "été").encode("mac_roman"), "not in UTF-8"),
    "of DOS": (EXCEL.replace("map", "été").encode("cp850"), "not in UTF-8"),
    "no names": (EXCEL.split("\r\n", 1)[1].encode(), "The first line has an address"),
    "all in one column": (
        "\n".join(f'"{line}"' for line in EXCEL.splitlines()).encode(),
        "All stands in one column",
    ),
    "a name twice": (
        EXCEL.replace("\r\n", ";evidence\r\n").encode(),
        "names two columns “evidence”",
    ),
    "a quotation mark open": (EXCEL.encode() + b'"ada@example.org;nl', "not a CSV file"),
    "an endless cell": (EXCEL.encode() + b"x" * 140_000, "not a CSV file"),
    "a thousand columns": (b"x;" * 999 + b"address\n1\n", "more than 200 columns"),
}


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    builders.consent_text()
    builders.topic()
    client.force_login(manager)
    return client


def upload(desk: Client, content: bytes) -> "Answer":
    answer = desk.post(ADDRESS, {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == HTTPStatus.OK
    return answer


def fill_in(desk: Client, asked: "Answer", **answers: Any) -> "Answer":
    """Send the form about the columns as it is shown, and with these answers."""
    form = asked.context["form"]
    shown = {field.name: field.value() for field in form if field.value() is not None}
    return desk.post(ADDRESS, {"draft": asked.context["draft"], **shown, **answers})


def who_is_asked(desk: Client, answer: "Answer") -> SignUp:
    """The one person of the file, whose report is shown."""
    report = answer.context.get("report")
    assert report, answer.context["form"].errors
    assert (report.fit, report.faulty) == (1, 0), report.faults
    assert not SignUp.objects.exists()
    desk.post(ADDRESS, {"draft": answer.context["draft"], "act": "import"})
    sign_up = SignUp.objects.get()
    assert (sign_up.address, sign_up.language) == ("ada@example.org", "nl")
    return sign_up


@pytest.mark.parametrize(("content", "asked_at", "how"), READ.values(), ids=READ)
def test_a_file_with_our_columns_is_read(
    desk: Client, content: bytes, asked_at: str, how: str
) -> None:
    evidence = who_is_asked(desk, upload(desk, content)).evidence
    assert (evidence["asked_at"], evidence["how"]) == (asked_at, how)


@pytest.mark.parametrize(("content", "answers", "asked_at"), ASKED.values(), ids=ASKED)
def test_what_a_file_does_not_say_is_asked_once(
    desk: Client, content: bytes, answers: dict[str, Any], asked_at: str
) -> None:
    asked = upload(desk, content)
    assert "report" not in asked.context
    sign_up = who_is_asked(desk, fill_in(desk, asked, **answers))
    assert sign_up.topics == ["newsletter"]
    assert sign_up.evidence["asked_at"] == asked_at


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_a_file_of_no_use_is_refused_in_words(desk: Client, content: bytes, told: str) -> None:
    assert told in upload(desk, content).content.decode()
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("format_", [Format.CSV, Format.EXCEL])
def test_our_own_export_is_read_and_who_left_is_not_asked(desk: Client, format_: Format) -> None:
    for name in ("ada", "+bo", "cy"):
        builders.subscriber(f"{name}@example.org", language="nl")
    acts.leave(Subscriber.objects.get(key="cy@example.org"), ConsentEvent.Method.PAGE)
    content = "".join(exports.lines(Subscriber.objects.all(), format_)).encode()
    Subscriber.objects.all().delete()
    asked = upload(desk, content)
    report = fill_in(desk, asked, evidence="Lijst van de oude site").context["report"]
    assert (report.fit, report.faulty, dict(report.left_out)) == (2, 0, {"away": 1})


def test_the_template_is_read_but_for_its_example(desk: Client) -> None:
    template = desk.get(f"{ADDRESS}template/").content
    assert template.startswith(codecs.BOM_UTF8 + b"address;language;")
    report = upload(desk, template).context["report"]
    assert (report.fit, report.faulty) == (0, 1)
    rows = template + b"ada@example.org;nl;newsletter;Papier;31/05/2024\r\n"
    assert upload(desk, rows).context["report"].fit == 1


def test_the_order_of_dates_is_asked_with_what_each_would_make_of_them(desk: Client) -> None:
    rows = EXCEL.replace("31/05/2024", "03/05/2024") + EXCEL.splitlines()[1].replace("31/", "04/")
    asked = upload(desk, rows.encode())
    told = asked.content.decode()
    assert "03/05/2024 is May 3, 2024" in told
    assert "03/05/2024 is March 5, 2024" in told
    assert "choose one" in fill_in(desk, asked).content.decode()
    assert fill_in(desk, asked, order="day").context["report"].fit == 1


def test_dates_that_contradict_each_other_are_asked_about_too(desk: Client) -> None:
    content = (EXCEL + "bo@example.org;nl;newsletter;Papier;05/31/2024\r\n").encode()
    report = fill_in(desk, upload(desk, content), order="day").context["report"]
    assert (report.fit, [fault.line for fault in report.faults]) == (1, [3])


@pytest.mark.parametrize(
    ("answers", "field", "told"),
    [
        ({}, "language_column", "Choose the column, or say it below."),
        (SAME | {"asked_at": "2024-05-31"}, "asked_at", "not both"),
        (SAME | {"evidence": "mail of ada@example.org"}, "evidence", "must not hold"),
        (SAME | {"asked_at_column": "", "asked_at": "2999-01-01"}, "asked_at", "in the future"),
        (SAME | {"address_column": ""}, "address_column", "required"),
        (SAME | {"address_column": "99"}, "address_column", "not one of the available choices"),
        (SAME | {"asked_at_column": "²"}, "asked_at_column", "not one of the available choices"),
        (SAME | {"topics": ["other"]}, "topics", "not one of the available choices"),
    ],
)
def test_an_answer_that_cannot_be_is_told_beside_its_field(
    desk: Client, answers: dict[str, Any], field: str, told: str
) -> None:
    answer = fill_in(desk, upload(desk, MAILCHIMP.encode()), **answers)
    assert answer.status_code == HTTPStatus.OK
    assert told in " ".join(answer.context["form"].errors[field])
    assert not SignUp.objects.exists()


def test_the_columns_can_be_chosen_anew_from_the_report(desk: Client) -> None:
    report = fill_in(desk, upload(desk, MAILCHIMP.encode()), **SAME)
    draft = {"draft": report.context["draft"], "act": "columns"}
    again = desk.post(ADDRESS, draft)
    assert again.context["form"]["topics"].value() == ["newsletter"]
    sign_up = who_is_asked(desk, fill_in(desk, again, evidence="Het andere formulier"))
    assert sign_up.evidence["how"] == "Het andere formulier"


def test_nothing_is_imported_before_a_report_was_shown(desk: Client) -> None:
    asked = upload(desk, MAILCHIMP.encode())
    fill_in(desk, asked, act="import", **SAME)
    desk.post(ADDRESS, {"draft": asked.context["draft"], "act": "import"})
    assert not SignUp.objects.exists()


def test_no_browser_or_proxy_keeps_the_page_that_carries_the_list(desk: Client) -> None:
    answer = upload(desk, EXCEL.encode())
    assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    assert 'autocomplete="off"' in answer.content.decode()


def test_more_than_a_form_can_carry_is_refused_in_words(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.files.drafts.LARGEST", 100)
    assert "take out other columns" in upload(desk, EXCEL.encode()).content.decode()
