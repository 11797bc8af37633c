"""What a bounce mail says, whichever server wrote it; what is no report says nothing."""

from email import message_from_bytes

import pytest

from newsletter.models import ReportKind
from newsletter.sending.bounces import Reported, numbers_in, reported_in
from newsletter.sending.words import NOTHING, OPPOSITE
from tests import bounce_mails
from tests.bounce_mails import NUMBER, READER, about

TABLE = [
    (kind, name, mail)
    for kind, mails in (
        (ReportKind.BOUNCED, bounce_mails.HARD),
        (ReportKind.REJECTED, bounce_mails.ABOUT_US),
        (ReportKind.DEFERRED, bounce_mails.OF_THE_MOMENT),
        (ReportKind.DELIVERED, {"": bounce_mails.failed("250 ok", "2.1.5", action="delivered")}),
        (ReportKind.COMPLAINED, {"": bounce_mails.ABUSE, "unnamed": bounce_mails.ABUSE_UNNAMED}),
        (OPPOSITE, {"": bounce_mails.NOT_SPAM}),
        (NOTHING, bounce_mails.NO_VERDICT),
        (None, bounce_mails.NEW_WORDS),
    )
    for name, mail in mails.items()
]


def read(mail: str) -> list[Reported]:
    return list(reported_in(message_from_bytes(about(mail))))


@pytest.mark.parametrize(("kind", "name", "mail"), TABLE)
def test_each_report_is_about_the_reader_about_us_or_about_the_moment(
    kind: str | None, name: str, mail: str
) -> None:
    (reported,) = read(mail)
    assert (reported.kind, reported.recipient) == (kind, READER), name
    assert READER not in reported.word + reported.said
    assert NUMBER in numbers_in(about(mail))


@pytest.mark.parametrize("name", bounce_mails.NO_REPORT)
def test_what_is_no_report_says_nothing(name: str) -> None:
    assert read(bounce_mails.NO_REPORT[name]) == []


def test_of_several_recipients_each_is_told() -> None:
    second = "\nFinal-Recipient: rfc822; eve@example.org\nAction: delayed\nStatus: 4.2.2"
    told = read(bounce_mails.failed("550 5.1.1 no such user", "5.1.1", more=second))
    assert [(each.recipient, each.kind) for each in told] == [
        (READER, ReportKind.BOUNCED),
        ("eve@example.org", NOTHING),
    ]


def test_numbers_are_found_wherever_they_stand_and_their_count_has_a_bound() -> None:
    for where in ("bounces+%s@x.be", "<%s@x.be>", "Original-Envelope-Id: %s", "%s"):
        assert numbers_in((where % NUMBER.upper()).encode()) == [NUMBER]
    assert numbers_in(f"{NUMBER}0 a{NUMBER} {NUMBER[1:]}".encode()) == []
    assert len(numbers_in(b" ".join(b"%032x" % n for n in range(1000)))) == 50
