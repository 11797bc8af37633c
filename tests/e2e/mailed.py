"""An issue on its way into four languages, a mailing to be sent and one that goes out.

For the pictures of the documents, in a process that has the site's settings.
"""

from itertools import islice
from typing import TYPE_CHECKING, Any

from tests.ready_made import PASSWORD

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from newsletter.models import Mailing, NewsletterIssuePage

DELIVERIES: list[tuple[str, int, dict[str, Any]]] = [
    ("accepted", 60, {}),
    ("pending", 50, {}),
    ("retry", 4, {"error_code": "451", "error_text": "greylisted, try again later"}),
    (
        "rejected",
        2,
        {"error_code": "550", "error_text": "5.1.1 no such user", "fault": "reader"},
    ),
    (
        "rejected",
        1,
        {"error_code": "550", "error_text": "5.7.26 This mail is unauthenticated", "fault": "us"},
    ),
    ("uncertain", 2, {}),
    ("skipped", 1, {"skip_reason": "left"}),
]
READERS = {"nl": 74, "fr": 52, "de": 9}  # beside those that read English
# The whole issue in Dutch, half of it in French, nothing of it in German.
WORDS = {
    "nl": [
        "Het herfstnummer",
        "Wat het kwartaal bracht.",
        "Het herfstnummer, en meer",
        "Nieuws van het knooppunt",
        "Twee vriezers gingen naar Gent.",
    ],
    "fr": ["Le numéro d'automne", "Ce que le trimestre a apporté."],
}


def furnish() -> tuple[int, int, int]:
    """The issue and the two mailings: their keys."""
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
    for language, count in READERS.items():
        builders.crowd(count, language)
    for language, words in WORDS.items():
        _translate(issue, language, words, sender)
    prepared = builders.mailing(issue)
    prepared.topics.add(builders.topic())
    begun = builders.begun(builders.issue(node, "Freezers of the North"))
    _deliver(begun)
    return issue.pk, prepared.pk, begun.pk


def _translate(issue: "NewsletterIssuePage", language: str, words: list[str], by: "User") -> None:
    """Its first pieces; published where that is all."""
    from wagtail.models import Locale  # noqa: PLC0415  as above
    from wagtail_localize.models import StringSegment, StringTranslation  # noqa: PLC0415  as above

    from pages.translating import drafts  # noqa: PLC0415  as above

    translation = drafts.begin(issue, Locale.objects.get(language_code=language), by)
    pieces = list(StringSegment.objects.filter(source=translation.source).order_by("order"))
    for piece, said in zip(pieces, words, strict=False):
        StringTranslation.objects.create(
            translation_of=piece.string,
            locale=translation.target_locale,
            context=piece.context,
            data=said,
        )
    draft = drafts.make(translation, by)
    if len(words) == len(pieces):
        draft.publish(user=by)


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
