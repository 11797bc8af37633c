"""Finding a subscriber by address. It is posted: an address never stands in a URL or a log."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from newsletter import addresses
from newsletter.addresses import Address
from newsletter.admin.screens import Screen
from newsletter.models import SignUp, Subscriber, Suppression

MOST_SHOWN = 50


class FindForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address, or a part of it"),
        min_length=2,
        max_length=addresses.LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FindView(Screen, FormView):
    """A whole address leads to its subscriber; a part of one, to a list."""

    permission_required = "newsletter.view_subscriber"
    above = ("subscribers:index", gettext_lazy("Subscribers"))
    page_title = gettext_lazy("Find a subscriber")
    header_icon = "search"
    template_name = "newsletter/admin/found.html"
    form_class = FindForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("subscribers:index")

    def form_valid(self, form: FindForm) -> HttpResponse:
        typed = form.cleaned_data["address"]
        address = _whole(typed)
        if address and (known := Subscriber.objects.filter(key=address.key).first()):
            return redirect("subscribers:inspect", known.pk)
        found = Subscriber.objects.filter(key__icontains=address.key if address else typed)
        shown = list(found.order_by("key").prefetch_related("topics__labels")[: MOST_SHOWN + 1])
        context = self.get_context_data(
            form=form,
            shown=shown[:MOST_SHOWN],
            are_more=len(shown) > MOST_SHOWN,
            known=_known_of(address) if address else [],
        )
        return self.render_to_response(context)


def _whole(typed: str) -> Address | None:
    try:
        return addresses.read(typed)
    except ValidationError:
        return None


def _known_of(address: Address) -> list[str]:
    """What is known of an address that is no subscriber's."""
    known = []
    if sign_up := SignUp.objects.filter(subject=address.subject).first():
        known.append(_("Signed up, not confirmed: %s.") % sign_up.get_state_display())
    standing = Suppression.objects.standing().filter(subject=address.subject).first()
    if standing:
        known.append(_("Never to be written to: %s.") % standing.get_reason_display())
    return known
