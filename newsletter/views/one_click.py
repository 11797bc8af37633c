"""The button beside the sender's name in a mail program (RFC 8058)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsletter.models import ConsentEvent, Subscriber
from newsletter.subscribers import acts
from newsletter.tokens import UNSUBSCRIBE, InvalidTokenError

WANTED = ["One-Click"]  # section 3.1: the only value of List-Unsubscribe


@never_cache
@csrf_exempt
@require_POST
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """No gate, cookie, session or redirect: a mail provider's machine asks (section 3.2)."""
    if request.POST.getlist("List-Unsubscribe") != WANTED:
        return _said("The body must be List-Unsubscribe=One-Click.", HTTPStatus.BAD_REQUEST)
    try:
        subscriber = Subscriber.objects.get(uuid=UNSUBSCRIBE.read(token))
        acts.leave(subscriber, ConsentEvent.Method.ONE_CLICK)
    except (InvalidTokenError, Subscriber.DoesNotExist):
        return _said("Nobody is known by this link.", HTTPStatus.NOT_FOUND)
    return _said("Unsubscribed.", HTTPStatus.OK)


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
