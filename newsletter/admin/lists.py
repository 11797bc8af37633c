"""The lists: who is on the newsletter, who waits, what was sent to whom, who is not written to."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.admin.people.finding import FindForm
from newsletter.admin.screens import ListView
from newsletter.models import Delivery, DeliveryKind, SignUp, Subscriber
from newsletter.subscribers.unreachable import unreachable


class SubscriberList(ListView):
    template_name = "newsletter/admin/subscribers.html"
    ways = (
        ("newsletter.export_subscriber", gettext_lazy("Export"), "subscribers:export", "download"),
        ("newsletter.add_signup", gettext_lazy("Import"), "subscribers:import", "upload"),
    )

    def get_base_queryset(self) -> QuerySet[Subscriber]:
        shown = super().get_base_queryset()
        return shown.select_related("consent_text").prefetch_related("topics__labels")

    def way_to(self, name: str) -> str:
        """The filters go along to the export."""
        query = self.request.GET.urlencode()
        return super().way_to(name) + (f"?{query}" if query and name.endswith("export") else "")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(*args, **kwargs)
        return found | {"find_form": FindForm(), "counts": _counts()}


def _counts() -> list[dict[str, Any]]:
    """How many are in each state, and are not reached, each with the address of their list."""
    rows = Subscriber.objects.order_by().values_list("state").annotate(Count("pk"))
    by_state = dict(rows)
    here = reverse("subscribers:index")
    lists = [
        (str(label), by_state.get(state, 0), {"state": state})
        for state, label in Subscriber.State.choices
    ]
    lists += [(_("No mail has arrived for months"), unreachable().count(), {"unreachable": "true"})]
    return [
        {"label": label, "count": count, "url": f"{here}?{urlencode(query)}"}
        for label, count, query in lists
    ]


class SignUpList(ListView):
    def get_note(self) -> str:
        return _(
            "Who signed up and has not confirmed yet. The worker parks a sign-up when too many come"
            " at once: more than %(network)d an hour from one network, %(site)d from all, or"
            " %(address)d a day or %(monthly)d in thirty days for one address. It lets them go when"
            " there is room again, and erases what is not confirmed after %(days)d days."
        ) % {
            "network": settings.NEWSLETTER_NETWORK_HOURLY,
            "site": settings.NEWSLETTER_SITE_HOURLY,
            "address": settings.NEWSLETTER_ADDRESS_DAILY,
            "monthly": settings.NEWSLETTER_ADDRESS_MONTHLY,
            "days": settings.NEWSLETTER_DAYS["sign_up"],
        }

    def get_base_queryset(self) -> QuerySet[SignUp]:
        waiting = SignUp.objects.exclude(state=SignUp.State.CONFIRMED)
        return waiting.defer("evidence", "page")


class DeliveryList(ListView):
    page_title = gettext_lazy("Service mails")
    note = gettext_lazy(
        "Mails that people asked for or that follow what they did. Where the worker or the mail"
        " server stopped while one was being handed over, nobody can know whether it went out: it"
        " is sent once more, and is uncertain if that ends the same way. The question whether"
        " people agree to a new text is never sent twice, and counts as sent after three days."
    )

    def get_base_queryset(self) -> QuerySet[Delivery]:
        return Delivery.objects.exclude(kind=DeliveryKind.ISSUE)


class SuppressionList(ListView):
    note = gettext_lazy(
        "Addresses that are never written to. The site keeps no address here, only a mark made"
        " from it, so that neither an import nor a slip brings it back."
    )
    ways = (
        (
            "newsletter.add_suppression",
            gettext_lazy("Enter an address"),
            "suppressions:enter",
            "plus",
        ),
    )
