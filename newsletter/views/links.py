"""What a link in a mail leads to: GET shows one button, POST acts, and again is as good as once."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Revision

from newsletter.ledger import history
from newsletter.models import ConsentEvent, SignUp, Subscriber, Suppression
from newsletter.subscribers import acts
from newsletter.subscribers.offer import current_offer
from newsletter.tokens import (
    CONFIRM,
    DOWNLOAD,
    DRAFT,
    ERASE,
    MANAGE,
    NEVER_AGAIN,
    RECONSENT,
    UNDO,
    UNDO_NOW,
    UNSUBSCRIBE,
)
from newsletter.views.forms import wording_of
from newsletter.views.private import for_bearer

BY_LINK = ConsentEvent.Method.MAIL_LINK
FILE_NAME = "bbmri-be-newsletter.json"


@for_bearer(CONFIRM, SignUp)
def confirm(request: HttpRequest, sign_up: SignUp) -> HttpResponse:
    about = {"masked": sign_up.masked, "is_import": sign_up.is_import, "text": sign_up.consent_text}
    if request.method != "POST":
        return render(request, "newsletter/confirm.html", about)
    try:
        acts.confirm(sign_up)
    except acts.SuppressedError:
        return render(request, "newsletter/suppressed.html", about)
    subscriber = Subscriber.objects.filter(subject=sign_up.subject).first()
    if subscriber is None or not subscriber.is_confirmed:  # has left or moved since
        return render(request, "newsletter/left_since.html", about)
    return render(request, "newsletter/confirm.html", about | {"own_page": own_page(subscriber)})


def own_page(subscriber: Subscriber) -> str:
    return reverse("newsletter:manage", args=[MANAGE.token_of(subscriber)])


@for_bearer(NEVER_AGAIN, SignUp)
def never_again(request: HttpRequest, sign_up: SignUp) -> HttpResponse:
    is_sent = request.method == "POST"
    if is_sent:
        acts.suppress(sign_up.subject, Suppression.Reason.NEVER, BY_LINK)
    about = {"masked": sign_up.masked, "is_done": is_sent}
    return render(request, "newsletter/never_again.html", about)


@for_bearer(UNSUBSCRIBE, Subscriber)
def unsubscribe(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """The link is in every mail and mails are passed on: it lets nobody see or do more.

    The mailbox it was sent to may be a former one: the page names no address, not even masked.
    """
    about: dict[str, Any] = {"is_done": request.method == "POST"}
    if request.method == "POST":
        acts.leave(subscriber, BY_LINK)
        subscriber.refresh_from_db()
        about["undo_token"] = subscriber.left_just_now and UNDO_NOW.token_of(subscriber)
    return render(request, "newsletter/unsubscribe.html", about)


def _undo(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Names no address: whoever left by a link comes here, too."""
    about = {"is_done": request.method == "POST"}
    if request.method == "POST":
        try:
            acts.come_back(subscriber, BY_LINK)
        except acts.SuppressedError:
            return render(request, "newsletter/suppressed.html", about)
    return render(request, "newsletter/undo.html", about)


undo, undo_now = for_bearer(UNDO, Subscriber)(_undo), for_bearer(UNDO_NOW, Subscriber)(_undo)


@for_bearer(RECONSENT, Subscriber)
def reconsent(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Agreeing to the newest wording; who has left stays away."""
    text = current_offer().text(subscriber.language) or subscriber.consent_text
    about = {"subscriber": subscriber, "text": text, "wording": wording_of(text)}
    if request.method != "POST":
        return render(request, "newsletter/reconsent.html", about)
    if request.POST.get("wording") != wording_of(text):  # it was not these words that they saw
        about["is_another"] = True
        return render(request, "newsletter/reconsent.html", about, status=HTTPStatus.CONFLICT)
    acts.agree_anew(subscriber, text, BY_LINK)
    return render(request, "newsletter/reconsent.html", about | {"is_done": True})


@for_bearer(DOWNLOAD, Subscriber)
def download(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """All that is held of the person, as JSON. Not for a machine that looks at a mail's links."""
    if request.method != "POST":
        return render(request, "newsletter/download.html", {"masked": subscriber.masked})
    layout = {"ensure_ascii": False, "indent": 2}
    named = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    held = history.everything(subscriber)
    return JsonResponse(held, json_dumps_params=layout, headers=named)


@for_bearer(ERASE, Subscriber)
def erase(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Afterwards the link is about nobody, as every other that names the person."""
    masked = subscriber.masked
    if request.method == "POST":
        acts.erase(subscriber, BY_LINK)
    about = {"masked": masked, "is_done": request.method == "POST"}
    return render(request, "newsletter/erase.html", about)


@for_bearer(DRAFT, Revision)
def draft(request: HttpRequest, revision: Revision) -> HttpResponse:
    """The issue as it was in a test mail, for whoever got that; the website may not have it yet."""
    page = revision.as_object()
    page.drafted_at = revision.created_at
    response: HttpResponse = page.serve(request)
    return response
