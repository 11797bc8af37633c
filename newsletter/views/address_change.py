"""From one address to another: the old mailbox opens the page, the new one confirms."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from newsletter import addresses
from newsletter.models import AddressChange, Subscriber
from newsletter.subscribers import acts, by_mail
from newsletter.tokens import CHANGE_ADDRESS, CONFIRM_ADDRESS
from newsletter.views.forms import NewAddressForm
from newsletter.views.private import for_bearer


@for_bearer(CHANGE_ADDRESS, Subscriber)
def change_address(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Says the same whoever has the new address; its owner reads the truth in their mail."""
    is_sent = request.method == "POST"
    form = NewAddressForm(request.POST if is_sent else None)
    if is_sent and _is_new(form, subscriber):
        by_mail.ask_new_address(subscriber, form.cleaned_data["email"])
        return render(request, "newsletter/change_address.html", {"is_done": True})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    about = {"form": form, "masked": subscriber.masked}
    return render(request, "newsletter/change_address.html", about, status=status)


def _is_new(form: NewAddressForm, subscriber: Subscriber) -> bool:
    if form.is_valid() and form.cleaned_data["email"].key == subscriber.key:
        form.add_error("email", _("This is the address that you have already."))
    return form.is_valid()


@for_bearer(CONFIRM_ADDRESS, AddressChange)
def confirm_address(request: HttpRequest, change: AddressChange) -> HttpResponse:
    """A link is void, and its page gone, when another new address was confirmed since."""
    change = AddressChange.objects.standing().get(pk=change.pk)
    about = {"masked": addresses.read(change.new_address).masked, "is_done": False}
    if request.method == "POST":
        about["is_done"] = True
        try:
            by_mail.change_address(change)
        except by_mail.AddressTakenError:
            return render(request, "newsletter/address_taken.html", about)
        except acts.SuppressedError:
            return render(request, "newsletter/suppressed.html", about)
    return render(request, "newsletter/confirm_address.html", about)
