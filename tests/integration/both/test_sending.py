"""Rows are claimed, sent once and settled; each tells the truth whatever the mail server does."""

import pytest
from django.core import mail

from newsletter.models import DeliveryState
from tests import builders
from tests.integration.sending import send_all


@pytest.mark.django_db
def test_what_is_due_is_sent_and_accepted() -> None:
    delivery = builders.delivery(builders.subscriber("ada@example.org"))
    send_all()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.claim) == (DeliveryState.ACCEPTED, 1, None)
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
