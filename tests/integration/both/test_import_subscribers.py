"""People who agreed elsewhere: checked first, then asked to confirm, never changed."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from newsletter.admin.permissions import MANAGERS
from newsletter.files import imports
from newsletter.files.invitations import Report
from newsletter.models import ConsentEvent, SignUp, Subscriber, Suppression
from newsletter.subscribers import acts
from tests import builders

HEAD = "address,language,topics,evidence,asked_at"
ROW = "ada@example.org,en,newsletter,Paper form in folder 3,2024-05-31"


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    builders.consent_text()
    builders.topic()
    client.force_login(manager)
    return client


def file(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines, ""]).encode()


def upload(desk: Client, content: bytes, checked: str = "") -> tuple[str, Report | None, str]:
    """What the screen says, its report, and the mark of the file that was checked."""
    said = {"file": SimpleUploadedFile("people.csv", content), "checked": checked}
    answer = desk.post(reverse("subscribers:import"), said, follow=True)
    assert answer.status_code == HTTPStatus.OK
    report = answer.context.get("report")
    mark = answer.context["form"]["checked"].value() if report else ""
    return answer.content.decode(), report, mark


def check(desk: Client, content: bytes) -> Report:
    report = upload(desk, content)[1]
    assert report
    return report


def test_checking_stores_nothing(desk: Client) -> None:
    report = check(desk, file(ROW))
    assert report.fit == 1
    assert not SignUp.objects.exists()
    assert not ModelLogEntry.objects.filter(action="newsletter.import").exists()


def test_what_was_checked_is_imported_with_its_evidence(desk: Client, manager: User) -> None:
    mark = upload(desk, file(ROW))[2]
    told = upload(desk, file(ROW), mark)[0]
    assert "1 person will be asked to confirm" in told
    sign_up = SignUp.objects.get()
    assert (sign_up.state, sign_up.origin) == ("waiting", "import")
    assert sign_up.evidence["how"] == "Paper form in folder 3"
    assert sign_up.evidence["asked_at"] == "2024-05-31T00:00:00+02:00"
    assert (sign_up.evidence["line"], sign_up.evidence["staff"]) == (2, manager.pk)
    assert not Subscriber.objects.exists()
    entry = ModelLogEntry.objects.get(action="newsletter.import")
    assert entry.message == "Imported sign-ups, to be asked to confirm: 1"
    assert "example.org" not in f"{entry.label}{entry.data}"


def test_another_file_than_the_checked_one_is_refused(desk: Client) -> None:
    mark = upload(desk, file(ROW))[2]
    told = upload(desk, file(ROW.replace("ada", "eve")), mark)[0]
    assert "not the file that was checked" in told
    assert "not the file that was checked" in upload(desk, file(ROW), "forged")[0]
    assert not SignUp.objects.exists()


def test_importing_twice_asks_nobody_twice(desk: Client) -> None:
    mark = upload(desk, file(ROW))[2]
    upload(desk, file(ROW), mark)
    upload(desk, file(ROW), mark)
    assert SignUp.objects.count() == 1


def test_an_imported_person_who_confirms_has_the_evidence_in_the_ledger(desk: Client) -> None:
    upload(desk, file(ROW), upload(desk, file(ROW))[2])
    acts.confirm(SignUp.objects.get())
    event = ConsentEvent.objects.get()
    assert event.method == ConsentEvent.Method.IMPORT
    assert event.evidence["import"]["how"] == "Paper form in folder 3"


def test_nobodys_present_state_is_changed(desk: Client) -> None:
    known = builders.subscriber("known@example.org")
    left = builders.subscriber("left@example.org")
    acts.leave(left, ConsentEvent.Method.PAGE)
    acts.erase(builders.subscriber("erased@example.org"), ConsentEvent.Method.PAGE)
    builders.sign_up("asked@example.org")
    Suppression.add(builders.sign_up("no@example.org").subject, Suppression.Reason.NEVER)
    before = SignUp.objects.count()
    names = ("known", "left", "erased", "asked", "no", "new", "NEW")
    content = file(*(ROW.replace("ada", name) for name in names))
    told, report, mark = upload(desk, content)
    assert report
    assert report.fit == 1
    assert dict(report.left_out) == {
        "twice": 1,
        "subscriber": 1,
        "gone": 1,
        "suppressed": 2,
        "asked": 1,
    }
    assert "known@example.org" not in told
    upload(desk, content, mark)
    assert SignUp.objects.count() == before + 1
    known.refresh_from_db()
    left.refresh_from_db()
    assert (known.state, left.state) == ("confirmed", "left")


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace("ada@", "ada"),
        ROW.replace("ada", "a\u202eda"),
        ROW.replace(",en,", ",xx,"),
        ROW.replace(",newsletter,", ",,"),
        ROW.replace(",newsletter,", ",other,"),
        ROW.replace("Paper form in folder 3", ""),
        ROW.replace("Paper form in folder 3", "x" * 501),
        ROW.replace("Paper form in folder 3", "mail of ada@example.org"),
        ROW.replace("Paper form in folder 3", '"two\nlines"'),
        ROW.replace("2024-05-31", "31/05/2024"),
        ROW.replace("2024-05-31", "2024-02-31"),
        ROW.replace("2024-05-31", ""),
        ROW.replace("2024-05-31", "0001-01-01"),
        ROW.replace("2024-05-31", f"{timezone.now() + timedelta(days=2):%Y-%m-%d}"),
        ROW + ",one more",
        "ada@example.org",
    ],
)
def test_a_faulty_row_is_left_out_with_its_line_and_reason(desk: Client, row: str) -> None:
    report = check(desk, file(row, ROW.replace("ada", "bo")))
    assert (report.fit, report.faulty) == (1, 1)
    assert report.faults[0].line in {2, 3}
    assert str(report.faults[0].reason)
    assert "@" not in str(report.faults[0].reason).replace("name@example.org", "")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not in UTF-8"),
        (b"PK\x03\x04\x14\0\x06\0\x08\0", "not a text file"),
        (file(ROW).decode().encode("utf-16"), "not in UTF-8"),
        (file(ROW.replace("Paper", "Pap\u00e9")).decode().encode("cp1252"), "not in UTF-8"),
        (b"", "empty"),
        (b"address,evidence\n", "These are missing: language, topics, asked_at"),
        (file(ROW, head=HEAD + ",address"), "names a column twice"),
        (file('"ada@example.org,en'), "not a CSV file"),
        (file("x" * 140_000), "not a CSV file"),
    ],
)
def test_a_file_of_no_use_is_refused_in_words(desk: Client, content: bytes, told: str) -> None:
    assert told in upload(desk, content)[0]
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(desk: Client, delimiter: str, mark: str, end: str) -> None:
    lines = [HEAD.replace(",", delimiter).title(), ROW.replace(",", delimiter), "", ""]
    assert check(desk, (mark + end.join(lines)).encode()).fit == 1


def test_a_file_with_too_many_rows_stores_nothing(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS", 2)
    rows = [ROW.replace("ada", f"person{number}") for number in range(3)]
    assert "more than 50,000 rows" in upload(desk, file(*rows))[0]


def test_a_file_that_is_too_large_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGEST", 10)
    assert "larger than 10 MB" in upload(desk, file(ROW))[0]


def test_a_file_that_is_kept_on_disk_while_it_is_sent_is_read_too(desk: Client) -> None:
    rows = [ROW.replace("Paper", "P" * 400).replace("ada", f"person{n}") for n in range(6000)]
    content = file(*rows)
    assert len(content) > 2_621_440
    assert check(desk, content).fit == 6000


def test_without_a_text_to_agree_to_nobody_is_imported(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert "Publish a consent text first" in upload(client, file(ROW))[0]


def test_nothing_is_posted_without_a_file(desk: Client) -> None:
    answer = desk.post(reverse("subscribers:import"), {"file": "ada@example.org"})
    assert "file" in answer.context["form"].errors


def test_importing_has_a_permission(desk: Client) -> None:
    group = Group.objects.get(name=MANAGERS)
    group.permissions.remove(group.permissions.get(codename="add_signup"))
    said = {"file": SimpleUploadedFile("people.csv", file(ROW))}
    answer = desk.post(reverse("subscribers:import"), said)
    assert answer["Location"] == reverse("wagtailadmin_home")


def test_a_language_the_site_has_not_is_refused_and_those_it_has_are_named(desk: Client) -> None:
    told, report, _mark = upload(desk, file(ROW.replace(",en,", ",xx,")))
    assert report
    assert report.fit == 0
    codes = ", ".join(code for code, _name in settings.LANGUAGES)
    assert f"the language must be one of these: {codes}" in told
    assert f"<code>language</code>: {codes}" in " ".join(
        desk.get(reverse("subscribers:import")).content.decode().split()
    )
