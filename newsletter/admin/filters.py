"""By what the newsletter's lists can be narrowed."""

import django_filters
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import AdminDateInput

from newsletter.models import (
    ConsentText,
    Delivery,
    DeliveryKind,
    SignUp,
    Subscriber,
    SubscriberQuerySet,
    Suppression,
    Topic,
)
from newsletter.subscribers.unreachable import unreachable


def versions() -> list[tuple[int, str]]:
    numbers = ConsentText.objects.order_by("-version").values_list("version", flat=True).distinct()
    return [(number, str(number)) for number in numbers]


def _but(left_out: str, choices: type[TextChoices]) -> list[tuple[str, str]]:
    return [choice for choice in choices.choices if choice[0] != left_out]


class SubscriberFilterSet(WagtailFilterSet):
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        field_name="topics",
        queryset=Topic.objects.prefetch_related("labels"),
    )
    version = django_filters.ChoiceFilter(
        label=_("Version of the text"), field_name="consent_text__version", choices=versions
    )
    since = django_filters.DateFilter(
        label=_("Confirmed since"),
        field_name="confirmed_at",
        lookup_expr="date__gte",
        widget=AdminDateInput,
    )
    unreachable = django_filters.BooleanFilter(
        label=_("No mail has arrived for months"), method="narrow_to_unreachable"
    )

    class Meta:
        model = Subscriber
        fields = ["state", "language"]

    def narrow_to_unreachable(
        self, people: SubscriberQuerySet, _name: str, value: bool
    ) -> SubscriberQuerySet:
        keys = unreachable().values("pk")
        return people.filter(pk__in=keys) if value else people.exclude(pk__in=keys)


class SignUpFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=_but(SignUp.State.CONFIRMED, SignUp.State)
    )

    class Meta:
        model = SignUp
        fields = ["state", "origin", "language"]


class DeliveryFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=_but(DeliveryKind.ISSUE, DeliveryKind)
    )

    class Meta:
        model = Delivery
        fields = ["state", "kind", "language"]


class SuppressionFilterSet(WagtailFilterSet):
    standing = django_filters.BooleanFilter(
        label=_("Still holds"), field_name="lifted_at", lookup_expr="isnull"
    )

    class Meta:
        model = Suppression
        fields = ["reason"]
