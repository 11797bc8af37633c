"""The message one reader gets: its headers, its two parts, and nobody else's links."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.mail import BadHeaderError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from newsletter.issues.messages import IssueCopy, IssueMessage
from newsletter.models import Delivery, DeliveryKind, Mailing, Subscriber
from pages.models import NodePage
from tests import builders

OWN = {"Content-Type", "Date"}  # the boundary between the parts, and the second


@pytest.fixture
def mailing(home: NodePage) -> Mailing:
    words = "<p>Zürich, {manage-link} and <b>more</b></p><p>From the start</p>"
    return builders.begun(builders.issue(home, body=[{"type": "text", "value": words}]))


@pytest.fixture
def reader(mailing: Mailing) -> Subscriber:
    return builders.subscriber()


@pytest.fixture
def delivery(mailing: Mailing, reader: Subscriber) -> Delivery:
    return builders.delivery(reader, DeliveryKind.ISSUE, mailing=mailing)


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def heads(message: EmailMessage) -> dict[str, str]:
    """All but what is new each time; a folded line begins with a blank."""
    return {name: value.strip() for name, value in message.items() if name not in OWN}


def wire(copy: IssueCopy) -> bytes:
    content: bytes = copy.message().as_bytes(linesep="\r\n")
    return content


def body_of(content: bytes) -> list[bytes]:
    return content.partition(b"\r\n\r\n")[2].split(b"\r\n")


@pytest.fixture
def copy(mailing: Mailing, delivery: Delivery, reader: Subscriber) -> IssueCopy:
    return IssueMessage(mailing).to(delivery, reader)


@pytest.fixture
def message(copy: IssueCopy) -> EmailMessage:
    return parsed(wire(copy))


def test_the_headers_are_those_of_a_list(
    message: EmailMessage, mailing: Mailing, delivery: Delivery, reader: Subscriber
) -> None:
    assert message["To"] == reader.address
    assert message["From"].addresses[0].addr_spec == "news@bbmri.example"
    assert message["From"].addresses[0].display_name == "BBMRI.be"
    assert message["Reply-To"] == "desk@bbmri.example"
    assert message["Subject"] == mailing.subject
    assert message["Message-ID"] == delivery.message_id
    assert message["List-Id"] == "<news.bbmri.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Archive"] == "<http://127.0.0.1:8000/en/newsletter/issues/>"
    assert message["Precedence"] == "bulk"
    assert message["Date"].datetime
    assert not [name for name in message if name.lower().startswith("x-")]


def test_text_comes_first_and_no_mark_is_left(message: EmailMessage) -> None:
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert [text.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    for part in (text, html):
        content = part.get_content()
        assert "Zürich, {manage-link} and" in content
        assert "From the start" in content
        assert "reader.invalid" not in content
        assert "-link}}" not in content
        assert "/en/newsletter/unsubscribe/" in content
        assert "/en/newsletter/manage/" in content


def test_the_header_link_unsubscribes_by_post_alone(
    client: Client, message: EmailMessage, reader: Subscriber
) -> None:
    header = message["List-Unsubscribe"].strip()
    path = header.strip("<>").removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    reader.refresh_from_db()
    assert reader.is_confirmed
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    reader.refresh_from_db()
    assert not reader.is_confirmed


def test_a_mailbox_to_leave_by_mail_stands_second(
    settings: Settings, mailing: Mailing, delivery: Delivery, reader: Subscriber
) -> None:
    settings.UNSUBSCRIBE_MAILTO = "leave@bbmri.example"
    header = parsed(wire(IssueMessage(mailing).to(delivery, reader)))["List-Unsubscribe"]
    assert header.startswith("<http")
    assert header.endswith("<mailto:leave@bbmri.example?subject=unsubscribe>")


def test_what_is_prepared_is_what_django_would_write(
    copy: IssueCopy, message: EmailMessage
) -> None:
    copy.written = None
    slow = parsed(wire(copy))
    assert heads(message) == heads(slow)
    for one, other in zip(message.iter_parts(), slow.iter_parts(), strict=True):
        assert one.get_content() == other.get_content()
    assert wire(copy).isascii()
    assert max(map(len, body_of(wire(copy)))) <= 76
    assert not any(line.startswith(b"From ") for line in body_of(wire(copy)))


def test_two_readers_get_two_links_and_one_mail(mailing: Mailing) -> None:
    writer = IssueMessage(mailing)
    people = [builders.subscriber(f"{name}@example.org") for name in ("ada", "bob")]
    rows = [builders.delivery(one, DeliveryKind.ISSUE, mailing=mailing) for one in people]
    copies = [writer.to(row, one) for row, one in zip(rows, people, strict=True)]
    assert copies[0].body != copies[1].body
    assert copies[0].metadata == {"d": rows[0].uuid.hex}
    assert people[1].address not in str(copies[0].message().parsed)


def test_no_template_is_rendered_and_no_row_read_for_a_copy(
    mailing: Mailing,
    delivery: Delivery,
    reader: Subscriber,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    writer = IssueMessage(mailing)
    with django_assert_num_queries(0):
        writer.to(delivery, reader)


def test_an_address_that_could_end_its_header_is_refused(
    mailing: Mailing, delivery: Delivery, reader: Subscriber
) -> None:
    reader.address = "a@example.org\r\nBcc: b@example.org"
    with pytest.raises(BadHeaderError):
        IssueMessage(mailing).to(delivery, reader)
