"""Bytes of mails as a server gets them: nothing on the way has a reason to change one of them."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from random import Random

import pytest
from django.conf import settings as site

from newsletter import mails
from newsletter.issues.messages import IssueMessage
from newsletter.models import DeliveryKind, SignUp, Subscriber
from pages.models import NodePage
from tests import builders
from tests.integration.issue_blocks import every_block, text
from tests.integration.once.test_mails import KINDS, LANGUAGES, row
from tests.mail_server import Mail, MailServer
from worker.mails import headers, quoted_printable, written
from worker.outbox import Outbox, queue
from worker.transport import Transport
from worker.verdicts import VerdictKind

SIGNS = {
    "Latin": "aàâäbcçdeéèêëfghiïîjklmnñoôöœpqrsßtuùûüvwxyzÅŁŐ’–",  # noqa: RUF001  as they are written
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяїєґ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Chinese": "生物样本库研究比利时欧洲健康数据中心新闻",
    "emoji": "🧬🔬❄️🧊🏥👩‍🔬🇧🇪✅",
    "ASCII": 'abcdefghijklmnopqrstuvwxyz0123456789=?_-:"',
}
FROM = "From the start\nFrom here\n\n.\nFrom " + "there " * 30 + "\nFrom\t\nÅ \n"

pytestmark = pytest.mark.django_db


def random_subjects() -> Iterator[str]:
    dice = Random(14)  # noqa: S311  no secret
    for number in range(200):
        signs = SIGNS[list(SIGNS)[number % len(SIGNS)]]
        words = ("".join(dice.choices(signs, k=dice.randint(1, 24))) for _word in range(20))
        yield " ".join(words)[: dice.randint(3, 150)].strip()


def lines_of_subject(wire: bytes) -> list[bytes]:
    head = wire.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = re.search(rb"^Subject:.*(?:\n[ \t].*)*", head, re.MULTILINE)
    assert found
    return found[0].split(b"\n")


def read_by_two(wire: bytes) -> set[str]:
    """By Python's parser of RFC 5322's grammar, and by its older one: they share no code."""
    old = message_from_bytes(wire, policy=policy.compat32)["Subject"]
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", str(old))
    return {
        str(message_from_bytes(wire, policy=policy.default)["Subject"]),
        str(make_header(decode_header(unfolded))),
    }


def check_subject(mail: Mail, subject: str) -> None:
    lines = lines_of_subject(mail.content)
    assert lines[0].removeprefix(b"Subject:").strip(), subject
    assert all(line.strip() for line in lines), subject
    assert max(map(len, lines)) <= 78, subject
    assert read_by_two(mail.content) == {subject}


def test_subjects_in_every_script_are_folded_and_read_back(server: MailServer) -> None:
    subjects = [*random_subjects(), "What =?utf-8?q?is?= it", "x" * 150]
    transport = Transport()
    for subject in subjects:
        mail = written(subject, "words", "", to="ada@example.org", headers=headers("<1@a>", "en"))
        assert transport.send(mail).kind == VerdictKind.ACCEPTED
    transport.close()
    for sent, subject in zip(server.mails, subjects, strict=True):
        check_subject(sent, subject)


def test_the_subjects_of_all_service_mails_are(server: MailServer, home: NodePage) -> None:
    made = []
    for language in LANGUAGES:
        for kind in KINDS:
            Subscriber.objects.all().delete()
            SignUp.objects.all().delete()
            made.append(mails.write(row(kind, language)))
    transport = Transport()
    for mail in made:
        transport.send(mail)
    transport.close()
    assert len(server.mails) == len(made) == 40
    for sent, mail in zip(server.mails, made, strict=True):
        check_subject(sent, str(mail.subject))


def every_road(home: NodePage) -> None:
    """An issue's copy, a test of it, service mails, a mail to staff."""
    body = [*every_block(home), text("x</p><p>From the start, it is cold in Ghent. " * 9)]
    mailing = builders.begun(builders.issue(home, body=body))
    reader = builders.subscriber()
    issue = builders.delivery(reader, DeliveryKind.ISSUE, mailing=mailing)
    transport = Transport()
    messages = IssueMessage(mailing)
    for mail in (messages.to(issue, reader), messages.trial("desk@example.org")):
        transport.send(mail)
    for kind in (DeliveryKind.RECONSENT, DeliveryKind.GOODBYE):
        transport.send(mails.write(builders.delivery(reader, kind)))
    transport.close()
    queue("staff@example.org", "Déjà", FROM)
    outbox = Outbox(lambda: False)
    outbox.send_due()
    outbox.transport.close()


def test_every_road_writes_seven_bits_in_short_lines(server: MailServer, home: NodePage) -> None:
    every_road(home)
    assert len(server.mails) == 5
    for mail in server.mails:
        assert mail.content.isascii()
        body = mail.content.partition(b"\r\n\r\n")[2].split(b"\r\n")
        assert max(map(len, body)) <= 78
        assert not any(line.startswith(b"From ") for line in body)
        domain = site.MAIL_DOMAIN
        assert re.fullmatch(rf"<[0-9a-f]{{32}}@{domain}>", mail.message["Message-ID"].strip())
        assert mail.message["Auto-Submitted"] == "auto-generated"
        assert mail.message["Content-Language"] == "en"
    assert server.mails[-1].text.replace("\r\n", "\n").rstrip() == FROM.rstrip()
    issue, trial, anew, _goodbye, _staff = server.mails
    assert set(issue.message.keys()) == set(trial.message.keys())
    assert set(issue.message.keys()) <= set(anew.message.keys()) | {"Reply-To"}
    assert all("From the start, it is cold" in part for part in (issue.text, issue.html))


@pytest.mark.parametrize("words", [FROM, "é" * 300, "From From From ", "a=b\r\nFrom c\rd", ""])
def test_whatever_is_written_is_read_back(words: str) -> None:
    wire = quoted_printable(words)
    head = (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    )
    read = message_from_bytes((head + wire).encode(), policy=policy.default).get_content()
    assert read == words.replace("\r\n", "\n").replace("\r", "\n")
    assert max(map(len, wire.split("\n"))) <= 76
    assert not re.search("^From ", wire, re.MULTILINE)
