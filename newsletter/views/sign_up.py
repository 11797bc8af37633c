"""Where anybody asks: for the newsletter, or for the link to their own page."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsletter.subscribers import acts, by_mail
from newsletter.subscribers.networks import network_of
from newsletter.subscribers.offer import current_offer
from newsletter.views.forms import HONEYPOT, AddressForm, SignUpForm
from visitors.gate import came_from, same_site_posts

LONGEST_PAGE = 300  # characters of a path that are kept as evidence


@same_site_posts
def sign_up(request: HttpRequest) -> HttpResponse:
    """One row whatever the address, and nothing looked up: the worker decides the rest."""
    form = sign_up_form(request)
    if request.method != "POST":
        return _sign_up_page(request, form, HTTPStatus.OK)
    if request.POST.get(HONEYPOT):
        return _check_your_mail()
    if form is None:
        return _sign_up_page(request, form, HTTPStatus.SERVICE_UNAVAILABLE)
    if not form.is_valid():
        return _sign_up_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    acts.sign_up(
        form.cleaned_data["email"],
        language=get_language(),
        topics=form.chosen,
        consent_text=form.text,
        page=(came_from(request) or request.path).partition("?")[0][:LONGEST_PAGE],
        network=network_of(request),
    )
    return _check_your_mail()


def sign_up_form(request: HttpRequest | None = None) -> SignUpForm | None:
    """The form in the language of the moment; None while there is no wording to agree to."""
    offer = current_offer()
    text = offer.text(get_language())
    if text is None:
        return None
    is_sent = request is not None and request.method == "POST"
    return SignUpForm(request.POST if request and is_sent else None, text, offer.topics)


def _sign_up_page(request: HttpRequest, form: SignUpForm | None, status: int) -> HttpResponse:
    about = {"form": form, "description": _("News of the node and of BBMRI-ERIC in your mailbox.")}
    return render(request, "newsletter/sign_up.html", about, status=status)


def _check_your_mail() -> HttpResponse:
    return HttpResponseRedirect(reverse("newsletter:check_your_mail"), status=HTTPStatus.SEE_OTHER)


@require_safe
def check_your_mail(request: HttpRequest) -> HttpResponse:
    """Where both forms lead, the same for every address."""
    return render(request, "newsletter/check_your_mail.html")


@same_site_posts
def send_my_link(request: HttpRequest) -> HttpResponse:
    """Answers every address alike: the worker knows whose it is."""
    is_sent = request.method == "POST"
    form = AddressForm(request.POST if is_sent else None)
    if is_sent and request.POST.get(HONEYPOT):
        return _check_your_mail()
    if is_sent and form.is_valid():
        by_mail.ask_for_link(form.cleaned_data["email"])
        return _check_your_mail()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "newsletter/send_my_link.html", {"form": form}, status=status)
