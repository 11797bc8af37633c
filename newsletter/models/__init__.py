from newsletter.models.consent import ConsentEvent, ConsentText, LedgerError, LedgerPurge
from newsletter.models.deliveries import Delivery, DeliveryKind, DeliveryQuerySet
from newsletter.models.delivery_states import DeliveryState, SkipReason
from newsletter.models.feedback import DeliveryReport, ReportKind, StrayReport
from newsletter.models.issues import NewsletterIndexPage, NewsletterIssuePage
from newsletter.models.mailings import Mailing
from newsletter.models.subscribers import (
    AddressChange,
    Asking,
    LinkRequest,
    SignUp,
    Subscriber,
    SubscriberQuerySet,
    Subscription,
)
from newsletter.models.suppression import Suppression
from newsletter.models.topics import Topic, TopicLabel

__all__ = [
    "AddressChange",
    "Asking",
    "ConsentEvent",
    "ConsentText",
    "Delivery",
    "DeliveryKind",
    "DeliveryQuerySet",
    "DeliveryReport",
    "DeliveryState",
    "LedgerError",
    "LedgerPurge",
    "LinkRequest",
    "Mailing",
    "NewsletterIndexPage",
    "NewsletterIssuePage",
    "ReportKind",
    "SignUp",
    "SkipReason",
    "StrayReport",
    "Subscriber",
    "SubscriberQuerySet",
    "Subscription",
    "Suppression",
    "Topic",
    "TopicLabel",
]
