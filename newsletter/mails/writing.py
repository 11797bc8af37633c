"""From a row to a message: two parts that say the same, and headers that no mail program minds."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from newsletter.mails.letters import LETTERS
from newsletter.mails.list_headers import archive_address, list_headers, one_click_address
from newsletter.mails.paper import finished, sender_in, wrapped
from newsletter.models import Delivery, DeliveryKind
from newsletter.tokens import UNSUBSCRIBE
from worker.mails import Mail, headers, written


def write(delivery: Delivery) -> Mail:
    """The mail of a row; its address comes from what the row is about."""
    letter = LETTERS[DeliveryKind(delivery.kind)]
    with override(delivery.language):
        sender = sender_in(delivery.language)
        subject = str(letter.subject).format(site=sender.name)
        about = letter.about(delivery) | {
            "subject": subject,
            "sender": sender,
            "language": delivery.language,
            "site_url": settings.SITE_URL,
            "home": f"{settings.SITE_URL}/{delivery.language}/",
        }
        html, text = _html(delivery.kind, about), _text(delivery.kind, about)
    told = headers(delivery.message_id, delivery.language) | _of_list(delivery)
    mail = written(subject, text, html, to=letter.to(delivery), headers=told)
    mail.metadata = delivery.metadata
    return mail


def _of_list(delivery: Delivery) -> dict[str, str]:
    """What goes to many who have subscribed can be left as an issue can."""
    if delivery.kind not in Delivery.NEED_CONSENT or delivery.subscriber is None:
        return {}
    leave = one_click_address(UNSUBSCRIBE.token_of(delivery.subscriber))
    return list_headers(leave, archive_address(delivery.language))


def _html(kind: str, about: dict[str, Any]) -> str:
    return finished(render_to_string(f"newsletter/mails/{kind}.html", about))


def _text(kind: str, about: dict[str, Any]) -> str:
    return wrapped(render_to_string(f"newsletter/mails/{kind}.txt", about))
