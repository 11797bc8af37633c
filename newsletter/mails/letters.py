"""What each mail is called, whom it goes to, and what its templates are told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter import tokens
from newsletter.models import AddressChange, Delivery, DeliveryKind, SignUp, Subscriber
from newsletter.subscribers.offer import current_offer

About = dict[str, Any]
WithUuid = SignUp | Subscriber | AddressChange


@dataclass(frozen=True)
class Letter:
    """`subject` may say {site}. The templates are called as the kind of delivery is."""

    subject: Promise
    to: Callable[[Delivery], str]
    about: Callable[[Delivery], About]


def _to_subscriber(delivery: Delivery) -> str:
    return delivery.subscriber.address if delivery.subscriber else ""


def _to_sign_up(delivery: Delivery) -> str:
    return delivery.sign_up.address if delivery.sign_up else ""


def _to_new_address(delivery: Delivery) -> str:
    return delivery.address_change.new_address if delivery.address_change else ""


def _to_old_address(delivery: Delivery) -> str:
    return delivery.address_change.old_address if delivery.address_change else ""


def _link(delivery: Delivery, purpose: tokens.Purpose, row: WithUuid | None) -> str:
    assert row  # noqa: S101  or it would not have been sent
    return purpose.link(delivery.language, row)


def _lasts(purpose: tokens.Purpose) -> About:
    """How long its link works, in the unit that says it best."""
    lifetime = purpose.lifetime or timedelta()
    return {
        "minutes": int(lifetime.total_seconds() // 60),
        "hours": int(lifetime.total_seconds() // 3600),
        "days": lifetime.days,
    }


def _confirm(delivery: Delivery) -> About:
    sign_up = delivery.sign_up
    assert sign_up  # noqa: S101  or it would not have been sent
    return _lasts(tokens.CONFIRM) | {
        "link": _link(delivery, tokens.CONFIRM, sign_up),
        "never_link": _link(delivery, tokens.NEVER_AGAIN, sign_up),
        "asked_at": sign_up.made_at,
        "is_import": sign_up.is_import,
        "text": sign_up.consent_text,
        "kept_days": settings.NEWSLETTER_DAYS["sign_up"],
    }


def _own_page(delivery: Delivery) -> About:
    return _lasts(tokens.MANAGE) | {"link": _link(delivery, tokens.MANAGE, delivery.subscriber)}


def _short_link(purpose: tokens.Purpose) -> Callable[[Delivery], About]:
    """For what only the mailbox's owner may do."""

    def about(delivery: Delivery) -> About:
        return _lasts(purpose) | {"link": _link(delivery, purpose, delivery.subscriber)}

    return about


def _confirm_address(delivery: Delivery) -> About:
    link = _link(delivery, tokens.CONFIRM_ADDRESS, delivery.address_change)
    return _lasts(tokens.CONFIRM_ADDRESS) | {"link": link}


def _address_changed(delivery: Delivery) -> About:
    change = delivery.address_change
    return {"changed_at": change.confirmed_at if change else None}


def _goodbye(delivery: Delivery) -> About:
    link = _link(delivery, tokens.UNDO, delivery.subscriber)
    return _lasts(tokens.UNDO) | {"link": link, "kept_days": settings.NEWSLETTER_DAYS["left"]}


def _reconsent(delivery: Delivery) -> About:
    subscriber = delivery.subscriber
    assert subscriber  # noqa: S101  or it would not have been sent
    return {
        "link": _link(delivery, tokens.RECONSENT, subscriber),
        "leave_link": _link(delivery, tokens.UNSUBSCRIBE, subscriber),
        "text": current_offer().text(delivery.language) or subscriber.consent_text,
    }


LETTERS = {
    DeliveryKind.CONFIRM: Letter(_("{site} newsletter: please confirm"), _to_sign_up, _confirm),
    DeliveryKind.KNOWN: Letter(
        _("{site} newsletter: you are subscribed"), _to_subscriber, _own_page
    ),
    DeliveryKind.MANAGE_LINK: Letter(_("{site} newsletter: your page"), _to_subscriber, _own_page),
    DeliveryKind.CHANGE_LINK: Letter(
        _("{site} newsletter: change your address"),
        _to_subscriber,
        _short_link(tokens.CHANGE_ADDRESS),
    ),
    DeliveryKind.DATA_LINK: Letter(
        _("{site} newsletter: your data"), _to_subscriber, _short_link(tokens.DOWNLOAD)
    ),
    DeliveryKind.ERASE_LINK: Letter(
        _("{site} newsletter: erase your data"), _to_subscriber, _short_link(tokens.ERASE)
    ),
    DeliveryKind.CONFIRM_ADDRESS: Letter(
        _("{site} newsletter: confirm your new address"), _to_new_address, _confirm_address
    ),
    DeliveryKind.ADDRESS_CHANGED: Letter(
        _("{site} newsletter: your address was changed"), _to_old_address, _address_changed
    ),
    DeliveryKind.GOODBYE: Letter(_("{site} newsletter: you have left"), _to_subscriber, _goodbye),
    DeliveryKind.RECONSENT: Letter(
        _("{site} newsletter: please read our new text"), _to_subscriber, _reconsent
    ),
}
