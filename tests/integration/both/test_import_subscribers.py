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
from newsletter.files import drafts, tables
from newsletter.files.invitations import Report
from newsletter.models import ConsentEvent, SignUp, Subscriber, Suppression
from newsletter.subscribers import acts
from tests import builders

ADDRESS = "/admin/newsletter/subscribers/import/"
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


def upload(desk: Client, content: bytes) -> tuple[str, Report | None, str]:
    """What the screen says, its report, and the draft that the page carries."""
    answer = desk.post(ADDRESS, {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == HTTPStatus.OK
    context = answer.context
    return answer.content.decode(), context.get("report"), context.get("draft", "")


def import_(desk: Client, draft: str) -> str:
    """What the screen says after the button was pressed."""
    answer = desk.post(ADDRESS, {"draft": draft, "act": "import"}, follow=True)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


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
    told = import_(desk, upload(desk, file(ROW))[2])
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


def test_what_is_forged_or_an_hour_old_is_not_imported(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "choose the file again" in import_(desk, "forged")
    draft = upload(desk, file(ROW))[2]
    monkeypatch.setattr(drafts, "LASTS", timedelta(0))
    assert "choose the file again" in import_(desk, draft)
    assert not SignUp.objects.exists()


def test_importing_twice_asks_nobody_twice(desk: Client) -> None:
    draft = upload(desk, file(ROW))[2]
    import_(desk, draft)
    import_(desk, draft)
    assert SignUp.objects.count() == 1


def test_an_imported_person_who_confirms_has_the_evidence_in_the_ledger(desk: Client) -> None:
    import_(desk, upload(desk, file(ROW))[2])
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
    told, report, draft = upload(desk, content)
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
    import_(desk, draft)
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


def test_a_file_with_too_many_rows_stores_nothing(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    rows = [ROW.replace("ada", f"person{number}") for number in range(3)]
    assert "more than 50,000 rows" in upload(desk, file(*rows))[0]


def test_a_file_that_is_too_large_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST", 10)
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
    answer = desk.post(ADDRESS, {"file": "ada@example.org"})
    assert "file" in answer.context["form"].errors


def test_importing_has_a_permission(desk: Client) -> None:
    group = Group.objects.get(name=MANAGERS)
    group.permissions.remove(group.permissions.get(codename="add_signup"))
    said = {"file": SimpleUploadedFile("people.csv", file(ROW))}
    answer = desk.post(ADDRESS, said)
    assert answer["Location"] == reverse("wagtailadmin_home")


def test_a_language_the_site_has_not_is_refused_and_those_it_has_are_named(desk: Client) -> None:
    told, report, _draft = upload(desk, file(ROW.replace(",en,", ",xx,")))
    assert report
    assert report.fit == 0
    codes = ", ".join(code for code, _name in settings.LANGUAGES)
    assert f"the language must be one of these: {codes}" in told
    assert f"<code>language</code>: {codes}" in " ".join(desk.get(ADDRESS).content.decode().split())
