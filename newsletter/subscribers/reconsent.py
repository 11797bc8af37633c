"""Asking those who agreed to an older meaning whether they agree to the newer one."""

from django.db.models import Exists, Max, OuterRef

from newsletter.models import ConsentText, Delivery, DeliveryKind, Subscriber
from newsletter.models.subscribers import SubscriberQuerySet
from newsletter.subscribers.offer import current_offer

CHUNK = 1000  # rows written at once: others get to write in between


def last_material() -> int:
    """The newest version whose meaning changed; 0 where nothing is published."""
    found = ConsentText.objects.filter(material=True).aggregate(last=Max("version"))
    return found["last"] or 0


def under_older_meaning() -> SubscriberQuerySet:
    """Whose consent does not cover the newest meaning, and who may be written to."""
    return Subscriber.objects.reachable().filter(consent_text__version__lt=last_material())


def to_ask() -> SubscriberQuerySet:
    """Those of them who were not asked yet: nobody is asked twice about one meaning."""
    asked = Delivery.objects.filter(
        subscriber=OuterRef("pk"),
        kind=DeliveryKind.RECONSENT,
        consent_text__version__gte=last_material(),
    )
    return under_older_meaning().exclude(Exists(asked))


def ask_all() -> int:
    """Queue one neutral mail to each, and return how many. Begun twice, it goes on where it was."""
    asked, last = 0, 0
    while batch := list(to_ask().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        Delivery.objects.bulk_create(map(_mail_to, batch), ignore_conflicts=True)
        asked, last = asked + len(batch), batch[-1].pk
    return asked


def _mail_to(subscriber: Subscriber) -> Delivery:
    return Delivery(
        kind=DeliveryKind.RECONSENT,
        subscriber=subscriber,
        language=subscriber.language,
        recipient=subscriber.subject,
        consent_text=current_offer().text(subscriber.language),
    )
