"""What can happen to a mailing. Who comes second changes nothing, and is told so by a False."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Exists, Expression, F, Field, Func, OuterRef, UUIDField, Value
from django.db.models.functions import Now
from django.utils import timezone

from newsletter.issues.freezing import Frozen
from newsletter.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Mailing,
    NewsletterIssuePage,
    SkipReason,
    Subscriber,
    SubscriberQuerySet,
    Topic,
)
from visitors.cache import generation
from worker import sending_mark

MailingState, Pause = Mailing.State, Mailing.Pause
WORD_EXPECTED_WITHIN = timedelta(hours=72)
BEFORE_SENDING = (MailingState.PREPARED, MailingState.SCHEDULED, MailingState.MISSED)


def audience(language: str, topics: Iterable[Topic]) -> SubscriberQuerySet:
    """Who reads a language and wants one of the topics, each once."""
    wanted = Subscriber.topics.through.objects.filter(topic__in=list(topics))
    people = Subscriber.objects.reachable().filter(language=language)
    return people.filter(pk__in=wanted.values("subscriber"))


def recipients(mailing: Mailing) -> SubscriberQuerySet:
    """Whom a mailing would go to now: less who has the issue of an earlier one, or may have it."""
    may_have_it = (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN, DeliveryState.SENDING)
    copies = Delivery.objects.filter(mailing__issue=mailing.issue_id, state__in=may_have_it)
    people = audience(mailing.language, mailing.topics.all())
    people = people.exclude(subject__in=copies.values("recipient"))
    known = copies.filter(subscriber__isnull=False)  # under whatever address they have now
    return people.exclude(pk__in=known.values("subscriber"))


def _move(mailing: Mailing, leaving: Iterable[str], **fields: Any) -> bool:
    """Change a mailing that is in one of these states; False where it was not."""
    rows = Mailing.objects.filter(pk=mailing.pk, state__in=list(leaving))
    return rows.update(pause_reason=fields.pop("pause_reason", ""), **fields) == 1


@transaction.atomic
def prepare(
    issue: NewsletterIssuePage, frozen: Frozen, topics: Iterable[Topic], user: User
) -> Mailing:
    """Keep the frozen mail. One that another editor prepared meanwhile is that one."""
    mailing, is_new = Mailing.objects.exclude(state=MailingState.CANCELLED).get_or_create(
        issue=issue,
        defaults={
            "revision": issue.live_revision,
            "language": issue.locale.language_code,
            "subject": frozen.subject,
            "html": frozen.html,
            "text": frozen.text,
            "sha256": frozen.sha256,
            "sender": settings.DEFAULT_FROM_EMAIL,
            "reply_to": settings.MAIL_REPLY_TO,
            "rate_per_minute": settings.NEWSLETTER_RATE,
            "prepared_by": user,
        },
    )
    if is_new:
        mailing.topics.set(topics)
    return mailing


def schedule(mailing: Mailing, at: datetime, not_after: datetime, user: User | None = None) -> bool:
    """Unless it is no longer as `mailing` has it: another editor may have chosen a time since."""
    if mailing.state not in BEFORE_SENDING:
        return False
    as_seen = Mailing.objects.filter(
        pk=mailing.pk, state=mailing.state, scheduled_for=mailing.scheduled_for
    )
    made = {"scheduled_for": at, "not_after": not_after, "sent_by": user}
    return as_seen.update(state=MailingState.SCHEDULED, **made) == 1


def unschedule(mailing: Mailing) -> bool:
    """Back to prepared, as if no time had been chosen."""
    return _move(
        mailing, (MailingState.SCHEDULED, MailingState.MISSED), state=MailingState.PREPARED
    )


@transaction.atomic
def begin(mailing: Mailing) -> bool:
    """Put everybody of the audience in the queue, in one transaction with the change of state."""
    if not _move(mailing, BEFORE_SENDING, state=MailingState.SENDING, started_at=timezone.now()):
        return False
    mailing.refresh_from_db()
    _queue(mailing)
    generation.raise_it(apart=False)  # the archive shows the issue from now on
    return True


def _queue(mailing: Mailing) -> None:
    """One INSERT for all: 100,000 rows through Python would take a minute."""
    given: dict[str, Expression | F] = {
        "uuid": _new_uuid(),
        "kind": Value(DeliveryKind.ISSUE),
        "language": Value(mailing.language),
        "recipient": F("subject"),
        "subscriber": F("pk"),
        "mailing": Value(mailing.pk),
        "made_at": Now(),
        "not_before": Now(),
    }
    fields: list[Field[Any, Any]] = [
        field for field in Delivery._meta.concrete_fields if not field.primary_key
    ]
    people = recipients(mailing).order_by("pk")
    rows = people.values_list(*(_column(field, given) for field in fields))
    selecting, values = rows.query.sql_with_params()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    table = quote(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(  # only names of columns are put together; values are parameters
            f"INSERT INTO {table} ({columns}) {selecting} ON CONFLICT DO NOTHING",
            values,
        )


def _column(field: "Field[Any, Any]", given: Mapping[str, Expression | F]) -> Expression | F:
    return given.get(field.name) or Value(field.get_default(), output_field=field)


def _new_uuid() -> Func:
    """Random, and made by the database; SQLite keeps a UUID as 32 hexadecimal digits."""
    if connection.vendor == "postgresql":
        return Func(function="gen_random_uuid", output_field=UUIDField())
    return Func(template="lower(hex(randomblob(16)))", output_field=UUIDField())


def pause(mailing: Mailing, reason: str = Pause.EDITOR) -> bool:
    return _move(mailing, (MailingState.SENDING,), state=MailingState.PAUSED, pause_reason=reason)


def resume(mailing: Mailing) -> bool:
    return _move(mailing, (MailingState.PAUSED,), state=MailingState.SENDING, resumed_at=Now())


@transaction.atomic
def cancel(mailing: Mailing) -> bool:
    """Send nothing more. Who has a copy keeps it."""
    leaving = (*BEFORE_SENDING, MailingState.SENDING, MailingState.PAUSED)
    if not _move(mailing, leaving, state=MailingState.CANCELLED):
        return False
    mailing.deliveries.all().skip(SkipReason.CANCELLED)
    return True


def finish_what_is_done() -> None:
    """A mailing is finished when no row of it is open, never because a fetch was empty.

    A worker that was only slow opens one again, when it hears at last that the mail was not taken.
    """
    opened = Exists(Delivery.objects.open().filter(mailing=OuterRef("pk")))
    Mailing.objects.filter(opened, state=MailingState.FINISHED).update(
        state=MailingState.SENDING, finished_at=None
    )
    for mailing in Mailing.objects.filter(state=MailingState.SENDING):
        if not mailing.deliveries.open().exists():
            _finish(mailing)


@transaction.atomic
def _finish(mailing: Mailing) -> None:
    _hold(mailing)
    if not mailing.deliveries.open().exists():
        _move(
            mailing,
            (MailingState.SENDING,),
            state=MailingState.FINISHED,
            finished_at=timezone.now(),
        )


def _hold(mailing: Mailing) -> Mailing:
    """Whether it is finished is decided by one at a time. The row as it is now."""
    return Mailing.objects.select_for_update().get(pk=mailing.pk)


def begin_what_is_due() -> None:
    """Start what is scheduled for now; what is too late asks an editor. Not in a copy."""
    due = Mailing.objects.due()
    if not due or sending_mark.why_nothing_is_sent():
        return
    due.filter(not_after__lt=Now()).update(state=MailingState.MISSED)
    for mailing in due.all():
        begin(mailing)


def treat_as_sent(mailing: Mailing, deliveries: Iterable[int]) -> int:
    return mailing.deliveries.filter(pk__in=list(deliveries)).treat_as_sent()


@transaction.atomic
def send_again(mailing: Mailing, deliveries: Iterable[int]) -> int:
    """Queue once more what is uncertain (who has a copy may get a second) or refused for our fault.

    A mailing that is finished goes on.
    """
    if _hold(mailing).state not in Mailing.STARTED:
        return 0
    count = mailing.deliveries.filter(pk__in=list(deliveries)).send_again()
    if count:
        _move(mailing, (MailingState.FINISHED,), state=MailingState.SENDING, finished_at=None)
    return count


def settle_what_stays_uncertain() -> None:
    """After three days without word of it, what is uncertain counts as sent.

    A mail that somebody asked for stays uncertain: who wants it asks again.
    """
    long_ago = timezone.now() - WORD_EXPECTED_WITHIN
    without_word = Delivery.objects.filter(finished_at__lt=long_ago)
    without_word.filter(kind__in=Delivery.NEED_CONSENT).treat_as_sent()
