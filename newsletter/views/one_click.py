"""The button beside the sender's name in a mail program (RFC 8058)."""

from http import HTTPStatus
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter.models import ConsentEvent, Subscriber
from newsletter.subscribers import acts
from newsletter.tokens import UNSUBSCRIBE, InvalidTokenError, is_of_trial
from newsletter.views.links import unsubscribe

FORM = "multipart/form-data"


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """No gate, cookie, session or redirect: a mail provider's machine asks (section 3.2).

    A program that knows RFC 2369 only opens the address for its reader: they get a page.
    """
    try:
        subscriber = Subscriber.objects.get(uuid=UNSUBSCRIBE.read(token))
    except (InvalidTokenError, Subscriber.DoesNotExist):
        subscriber = None
    if request.method != "POST":
        return _page(request, token, subscriber)
    if not _means_it(request):
        return _said("The body must be List-Unsubscribe=One-Click.", HTTPStatus.BAD_REQUEST)
    return _leave(token, subscriber)


def _page(request: HttpRequest, token: str, subscriber: Subscriber | None) -> HttpResponse:
    """That of the link in the mail, in the reader's language: what is on it leads on from there."""
    language = subscriber.language if subscriber else get_language()
    with override(language):
        request.path = request.path_info = reverse("newsletter:unsubscribe", args=[token])
        response = unsubscribe(request, token)
    response.headers["Content-Language"] = language
    return response


def _means_it(request: HttpRequest) -> bool:
    """Section 3.1 has one body. Programs end its line, say it twice, call it text, or forget it."""
    if request.content_type == FORM:
        said = " ".join(f"{name} {value}" for name, value in request.POST.items())
    else:
        said = unquote_plus(request.body.decode("latin-1"))
    said = said.strip().lower()
    return not said or ("list-unsubscribe" in said and "one-click" in said)


def _leave(token: str, subscriber: Subscriber | None) -> HttpResponse:
    try:
        if subscriber:
            acts.leave(subscriber, ConsentEvent.Method.ONE_CLICK)
            return _said("Unsubscribed.", HTTPStatus.OK)
    except Subscriber.DoesNotExist:  # erased meanwhile
        pass
    if is_of_trial(token):
        return _said("This is of a test mail: nobody was unsubscribed.", HTTPStatus.OK)
    return _said("Nobody is known by this link.", HTTPStatus.NOT_FOUND)


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
