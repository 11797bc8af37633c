"""Finding a subscriber by address, or by what is copied from a mail. It is posted: an address
never stands in a URL or a log.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from newsletter.admin.people.pasted import person
from newsletter.admin.screens import Screen
from newsletter.models import SignUp, Subscriber, Suppression

MOST_SHOWN = 50
LONGEST = 2000  # characters: a header's line, with a link in it


class FindForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address, or a part of it"),
        help_text=gettext_lazy(
            "Or anything from a mail: a link to leave, its Message-ID, the number of its delivery."
        ),
        min_length=2,
        max_length=LONGEST,
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
        whom = person(typed)
        if whom and whom.subscriber:
            return redirect("subscribers:inspect", whom.subscriber.pk)
        part = whom.key if whom else typed
        found = (
            Subscriber.objects.filter(key__icontains=part) if part else Subscriber.objects.none()
        )
        shown = list(found.order_by("key").prefetch_related("topics__labels")[: MOST_SHOWN + 1])
        context = self.get_context_data(
            form=form,
            shown=shown[:MOST_SHOWN],
            are_more=len(shown) > MOST_SHOWN,
            is_of_a_mail=not part,
            known=_known_of(whom.subject) if whom else [],
        )
        return self.render_to_response(context)


def _known_of(subject: str) -> list[str]:
    """What is known of an address that is no subscriber's."""
    known = []
    if sign_up := SignUp.objects.filter(subject=subject).first():
        known.append(_("Signed up, not confirmed: %s.") % sign_up.get_state_display())
    standing = Suppression.objects.standing().filter(subject=subject).first()
    if standing:
        known.append(_("Never to be written to: %s.") % standing.get_reason_display())
    return known
