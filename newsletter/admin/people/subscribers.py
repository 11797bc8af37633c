"""One subscriber: what they agreed to, what happened since, and what staff may do."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from newsletter.admin import logbook
from newsletter.admin.people.evidence import Line, lines
from newsletter.admin.screens import Screen
from newsletter.ledger.history import events_of
from newsletter.models import ConsentEvent, Subscriber, Suppression, Topic
from newsletter.subscribers import acts
from newsletter.subscribers.unreachable import failures_of

DELIVERIES_SHOWN = 50
Method = ConsentEvent.Method


class SubscriberScreen(Screen, TemplateView):
    above = ("subscribers:index", gettext_lazy("Subscribers"))
    header_icon = "user"

    @cached_property
    def subscriber(self) -> Subscriber:
        rows = Subscriber.objects.select_related("consent_text")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.subscriber)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"subscriber": self.subscriber}


class SubscriberView(SubscriberScreen):
    """All that is kept of a person. Nothing on it can be typed into."""

    permission_required = "newsletter.view_subscriber"
    page_title = gettext_lazy("Subscriber")
    template_name = "newsletter/admin/subscriber.html"

    def get_page_title(self) -> str:
        return str(self.subscriber)

    def get_page_subtitle(self) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subscriber, may = self.subscriber, self.request.user.has_perm
        standing = Suppression.objects.standing().filter(subject=subscriber.subject)
        topics = subscriber.subscriptions.select_related("topic")
        failures, failing_since = failures_of(subscriber)
        return super().get_context_data(**kwargs) | {
            "subscriptions": topics.prefetch_related("topic__labels"),
            "events": _readable(events_of(subscriber.subject)),
            "deliveries": subscriber.deliveries.order_by("-pk")[:DELIVERIES_SHOWN],
            "suppression": standing.first(),
            "failures": failures,
            "failing_since": failing_since,
            "may_stop": subscriber.is_confirmed and may("newsletter.change_subscriber"),
            "may_erase": may("newsletter.delete_subscriber"),
        }


def _readable(events: list[ConsentEvent]) -> list[tuple[ConsentEvent, str, list[Line]]]:
    """Newest first, each with its topics' names and its evidence in words."""
    names = {topic.slug: str(topic) for topic in Topic.objects.prefetch_related("labels")}
    return [
        (event, ", ".join(names.get(slug, slug) for slug in event.topics), [*lines(event.evidence)])
        for event in reversed(events)
    ]


class ActView(SubscriberScreen):
    """GET asks whether it is meant, POST does it."""

    template_name = "newsletter/admin/act.html"
    question: Promise
    told: Promise
    button: Promise

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = str(self.subscriber)
        with transaction.atomic():
            self.act()
        messages.success(request, str(self.told) % {"name": name})
        return self.after()

    def act(self) -> None:
        raise NotImplementedError

    def after(self) -> HttpResponse:
        return redirect("subscribers:inspect", self.subscriber.pk)


class StopView(ActView):
    permission_required = "newsletter.change_subscriber"
    page_title = gettext_lazy("Stop all mail on the person's request")
    question = gettext_lazy(
        "The person gets one mail that says they have left, and then no more. Their address is"
        " erased after a while; until then they can undo it by the link in that mail."
    )
    button = gettext_lazy("Stop all mail")
    told = gettext_lazy("%(name)s gets no more mail.")

    def act(self) -> None:
        user = self.request.user
        if acts.leave(self.subscriber, Method.ADMIN, {"staff": user.pk}):
            logbook.write(self.subscriber, logbook.LEAVE, user)


class UnreachableView(ActView):
    permission_required = "newsletter.change_subscriber"
    page_title = gettext_lazy("Write no more to a mailbox that takes no mail")
    question = gettext_lazy(
        "For a mailbox that has been full or closed for months. The person leaves without a mail,"
        " as if the address did not exist, and becomes a subscriber again by signing up anew."
    )
    button = gettext_lazy("Write no more")
    told = gettext_lazy("%(name)s gets no more mail.")

    def act(self) -> None:
        reason = Suppression.Reason.BOUNCED
        acts.suppress(self.subscriber.subject, reason, Method.ADMIN)
        user = self.request.user
        logbook.write(self.subscriber, logbook.SUPPRESS, user, reason=str(reason.label))


class EraseView(ActView):
    permission_required = "newsletter.delete_subscriber"
    page_title = gettext_lazy("Erase on the person's request")
    question = gettext_lazy(
        "The address, the language and the topics are erased at once, and no mail says so. What"
        " stays is the proof of consent under a mark made from the address, and that mark on the"
        " list of those never to be written to. It can't be undone: the person can sign up anew."
    )
    button = gettext_lazy("Erase")
    told = gettext_lazy("%(name)s is erased.")

    def act(self) -> None:
        logbook.write(self.subscriber, logbook.ERASE, self.request.user)
        acts.erase(self.subscriber, Method.ADMIN)

    def after(self) -> HttpResponse:
        return redirect("subscribers:index")
