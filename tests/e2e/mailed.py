"""An issue, a mailing that is to be sent, and one that goes out, for the pictures of the documents.

For a process that has the site's settings.
"""

from itertools import islice
from typing import TYPE_CHECKING, Any

from tests.ready_made import PASSWORD

if TYPE_CHECKING:
    from newsletter.models import Mailing

DELIVERIES: list[tuple[str, int, dict[str, Any]]] = [
    ("accepted", 60, {}),
    ("pending", 50, {}),
    ("retry", 4, {"error_code": "451", "error_text": "greylisted, try again later"}),
    ("rejected", 3, {"error_code": "550", "error_text": "no such user"}),
    ("uncertain", 2, {}),
    ("skipped", 1, {"skip_reason": "left"}),
]


def furnish() -> tuple[int, int, int]:
    """An issue, a mailing to be sent and one that goes out: their keys. For the site's process."""
    from django.contrib.auth.models import Group, User  # noqa: PLC0415  models are not loadable before Django's start

    from pages.models import NodePage  # noqa: PLC0415  likewise
    from tests import builders  # noqa: PLC0415  likewise

    sender = User.objects.create_user("sender", "sender@example.org", PASSWORD)
    sender.groups.set(Group.objects.filter(name__in=["Moderators", "Newsletter managers"]))
    node = NodePage.objects.get(locale__language_code="en")
    news = builders.news(node, "A freezer was moved", summary="It stands in Ghent now.")
    body = [
        {"type": "heading", "value": "News of the node"},
        {"type": "text", "value": "<p>Two freezers went to Ghent.</p>"},
        {"type": "news", "value": [news.pk]},
    ]
    issue = builders.issue(node, "The autumn issue", summary="What the quarter brought.", body=body)
    builders.crowd(sum(count for _state, count, _about in DELIVERIES))
    prepared = builders.mailing(issue)
    prepared.topics.add(builders.topic())
    begun = builders.begun(builders.issue(node, "Freezers of the North"))
    _deliver(begun)
    return issue.pk, prepared.pk, begun.pk


def _deliver(mailing: "Mailing") -> None:
    """As far as it has come: a row for each reader, each as one may end."""
    from django.utils import timezone  # noqa: PLC0415  as above

    from newsletter.models import Delivery, DeliveryKind, Subscriber  # noqa: PLC0415  as above
    from newsletter.models.delivery_states import OPEN  # noqa: PLC0415  as above

    now, readers = timezone.now(), Subscriber.objects.order_by("pk").iterator()
    for state, count, about in DELIVERIES:
        is_settled = state not in OPEN
        Delivery.objects.bulk_create(
            Delivery(
                kind=DeliveryKind.ISSUE,
                mailing=mailing,
                subscriber=reader,
                recipient=reader.subject,
                language=mailing.language,
                state=state,
                finished_at=now if is_settled else None,
                attempt_started_at=now if is_settled else None,
                **about,
            )
            for reader in islice(readers, count)
        )
