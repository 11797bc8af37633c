"""What each mail is called, whom it goes to, and what its templates are told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter import tokens
from newsletter.models import Delivery, DeliveryKind
from newsletter.subscribers.offer import current_offer

About = dict[str, Any]
SUBSCRIBER, SIGN_UP, CHANGE = "subscriber", "sign_up", "address_change"


@dataclass(frozen=True)
class Letter:
    """`subject` may say {site}. The templates are called as the kind of delivery is.

    `row`: what it is about; `field`: of the row, the address it goes to; `purpose`: of its link.
    """

    subject: Promise
    purpose: tokens.Purpose | None
    row: str = SUBSCRIBER
    field: str = "address"
    more: Callable[[Delivery], About] | None = None

    def to(self, delivery: Delivery) -> str:
        return getattr(getattr(delivery, self.row), self.field, "")

    def about(self, delivery: Delivery) -> About:
        link = _link(delivery, self.purpose, self.row) if self.purpose else {}
        return link | (self.more(delivery) if self.more else {})


def _link(delivery: Delivery, purpose: tokens.Purpose, row: str) -> About:
    """The link, and how long it works, in the unit that says it best."""
    lifetime = purpose.lifetime or timedelta()
    return {
        "link": purpose.link(delivery.language, getattr(delivery, row)),
        "minutes": int(lifetime.total_seconds() // 60),
        "hours": int(lifetime.total_seconds() // 3600),
        "days": lifetime.days,
    }


def _sign_up(delivery: Delivery) -> About:
    sign_up = delivery.sign_up
    assert sign_up  # noqa: S101  or it would not have been sent
    return {
        "never_link": tokens.NEVER_AGAIN.link(delivery.language, sign_up),
        "asked_at": sign_up.made_at,
        "is_import": sign_up.is_import,
        "text": sign_up.consent_text,
        "kept_days": settings.NEWSLETTER_DAYS["sign_up"],
    }


def _changed_at(delivery: Delivery) -> About:
    change = delivery.address_change
    return {"changed_at": change.confirmed_at if change else None}


def _kept_after_leaving(_delivery: Delivery) -> About:
    return {"kept_days": settings.NEWSLETTER_DAYS["left"]}


def _new_text(delivery: Delivery) -> About:
    subscriber = delivery.subscriber
    assert subscriber  # noqa: S101  or it would not have been sent
    return {
        "leave_link": tokens.UNSUBSCRIBE.link(delivery.language, subscriber),
        "text": current_offer().text(delivery.language) or subscriber.consent_text,
    }


LETTERS = {
    DeliveryKind.CONFIRM: Letter(
        _("{site} newsletter: please confirm"), tokens.CONFIRM, SIGN_UP, more=_sign_up
    ),
    DeliveryKind.KNOWN: Letter(_("{site} newsletter: you are subscribed"), tokens.MANAGE),
    DeliveryKind.MANAGE_LINK: Letter(_("{site} newsletter: your page"), tokens.MANAGE),
    DeliveryKind.CHANGE_LINK: Letter(
        _("{site} newsletter: change your address"), tokens.CHANGE_ADDRESS
    ),
    DeliveryKind.DATA_LINK: Letter(_("{site} newsletter: your data"), tokens.DOWNLOAD),
    DeliveryKind.ERASE_LINK: Letter(_("{site} newsletter: erase your data"), tokens.ERASE),
    DeliveryKind.CONFIRM_ADDRESS: Letter(
        _("{site} newsletter: confirm your new address"),
        tokens.CONFIRM_ADDRESS,
        CHANGE,
        "new_address",
    ),
    DeliveryKind.ADDRESS_CHANGED: Letter(
        _("{site} newsletter: your address was changed"), None, CHANGE, "old_address", _changed_at
    ),
    DeliveryKind.GOODBYE: Letter(
        _("{site} newsletter: you have left"), tokens.UNDO, more=_kept_after_leaving
    ),
    DeliveryKind.RECONSENT: Letter(
        _("{site} newsletter: please read our new text"), tokens.RECONSENT, more=_new_text
    ),
}
