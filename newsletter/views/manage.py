"""A subscriber's own page: what they agreed to and have, and every way to change or end it."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from newsletter.ledger import history
from newsletter.models import ConsentEvent, DeliveryKind, Subscriber, Topic
from newsletter.subscribers import acts, by_mail
from newsletter.tokens import MANAGE
from newsletter.views.forms import LanguageForm, TopicsForm
from newsletter.views.private import for_bearer

ON_PAGE = ConsentEvent.Method.PAGE
Refused = dict[str, Any]  # what the template says of it: most often a form that has mistakes


@for_bearer(MANAGE, Subscriber)
def manage(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if request.method != "POST":
        return _page(request, subscriber, {}, HTTPStatus.OK)
    asked = request.POST.get("act", "")
    if asked not in ACTS:
        return _page(request, subscriber, {"is_unknown": True}, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        refused = ACTS[asked](subscriber, request.POST)
    except acts.SuppressedError:
        return render(request, "newsletter/suppressed.html", {"masked": subscriber.masked})
    except by_mail.EnoughError:
        return _page(request, subscriber, {"is_enough": True}, HTTPStatus.TOO_MANY_REQUESTS)
    if refused:
        return _page(request, subscriber, refused, HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(
        f"{request.path}?told={asked}#told-{asked}", status=HTTPStatus.SEE_OTHER
    )


def _choose_topics(subscriber: Subscriber, sent: QueryDict) -> Refused:
    form = TopicsForm(sent, _topics_of(subscriber), [])
    if not form.is_valid():
        return {"topics_form": form}
    acts.choose_topics(subscriber, form.cleaned_data["topics"], ON_PAGE)
    return {}


def _choose_language(subscriber: Subscriber, sent: QueryDict) -> Refused:
    form = LanguageForm(sent)
    if not form.is_valid():
        return {"language_form": form}
    acts.choose_language(subscriber, form.cleaned_data["language"], ON_PAGE)
    return {}


def _leave(subscriber: Subscriber, sent: QueryDict) -> Refused:
    acts.leave(subscriber, ON_PAGE)
    return {}


def _come_back(subscriber: Subscriber, sent: QueryDict) -> Refused:
    if not subscriber.is_confirmed and not subscriber.left_just_now:
        return {"is_unknown": True}
    acts.come_back(subscriber, ON_PAGE)
    return {}


def _mail_link(kind: str, subscriber: Subscriber, sent: QueryDict) -> Refused:
    by_mail.send_link(subscriber, kind)
    return {}


ACTS: dict[str, Callable[[Subscriber, QueryDict], Refused]] = {
    "topics": _choose_topics,
    "language": _choose_language,
    "leave": _leave,
    "undo": _come_back,
    "change-address": partial(_mail_link, DeliveryKind.CHANGE_LINK),
    "download": partial(_mail_link, DeliveryKind.DATA_LINK),
    "erase": partial(_mail_link, DeliveryKind.ERASE_LINK),
}


def _topics_of(subscriber: Subscriber) -> list[Topic]:
    """What they have, with `since`, and what else is offered."""
    since = Max("subscriptions__since", filter=Q(subscriptions__subscriber=subscriber))
    topics = Topic.objects.annotate(since=since).prefetch_related("labels")
    return list(topics.filter(Q(offered=True) | Q(since__isnull=False)))


def _told(request: HttpRequest, subscriber: Subscriber) -> str:
    """The act that led here, if what the page would say of it is still true."""
    told = request.GET.get("told", "")
    is_past = told == ("leave" if subscriber.is_confirmed else "undo")
    return told if told in ACTS and not is_past else ""


def _page(
    request: HttpRequest, subscriber: Subscriber, refused: Refused, status: int
) -> HttpResponse:
    events = history.events_of(subscriber.subject)
    topics: list[Any] = _topics_of(subscriber)
    chosen = [topic.slug for topic in topics if topic.since]
    about = {
        "subscriber": subscriber,
        "told": _told(request, subscriber),
        "text": subscriber.consent_text,
        "agreed": history.agreed(subscriber, events),
        "history": history.in_words(events),
        "topics_form": TopicsForm(None, topics, chosen),
        "language_form": LanguageForm(None, initial={"language": subscriber.language}),
    }
    return render(request, "newsletter/manage.html", about | refused, status=status)
