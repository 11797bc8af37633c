"""Entering who is never to be written to, and lifting it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from newsletter.admin import logbook
from newsletter.admin.screens import Screen
from newsletter.models import ConsentEvent, Suppression
from newsletter.subscribers import acts
from newsletter.views.forms import AddressField

Reason = Suppression.Reason
# Those that somebody can tell the staff. `erased` comes with erasing.
TOLD = (Reason.NEVER, Reason.STAFF, Reason.COMPLAINED, Reason.BOUNCED)


class EnterForm(forms.Form):
    address = AddressField(label=gettext_lazy("Address"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in TOLD],
        widget=forms.RadioSelect,
        initial=Reason.NEVER,
    )


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why may it be written to again?"),
        max_length=200,
        help_text=gettext_lazy("Kept in the log of the site. Name no address."),
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if "@" in reason:
            raise ValidationError(_("Name no address: the log keeps it for good."))
        return reason


class SuppressionScreen(Screen, FormView):
    above = ("suppressions:index", gettext_lazy("Suppressions"))
    header_icon = "no-view"
    template_name = "newsletter/admin/form.html"
    success_url = reverse_lazy("suppressions:index")
    lead: str | Promise
    button: str | Promise


class EnterView(SuppressionScreen):
    permission_required = "newsletter.add_suppression"
    page_title = gettext_lazy("Enter an address")
    lead = gettext_lazy(
        "No mail goes to the address any more, not even a goodbye; a subscriber leaves. Only a"
        " mark made from the address is kept."
    )
    button = gettext_lazy("Never write to it")
    form_class = EnterForm

    @transaction.atomic
    def form_valid(self, form: EnterForm) -> HttpResponse:
        subject, reason = form.cleaned_data["address"].subject, form.cleaned_data["reason"]
        acts.suppress(subject, reason, ConsentEvent.Method.ADMIN)
        row = Suppression.objects.standing().get(subject=subject)
        label = str(Reason(reason).label)
        logbook.write(row, logbook.SUPPRESS, self.request.user, reason=label)
        messages.success(self.request, _("The address is never written to any more."))
        return super().form_valid(form)


class LiftView(SuppressionScreen):
    permission_required = "newsletter.change_suppression"
    page_title = gettext_lazy("Lift a suppression")
    lead = gettext_lazy(
        "Only for a slip, or when the person says so. Nobody becomes a subscriber by it: they sign"
        " up anew."
    )
    button = gettext_lazy("Lift")
    form_class = LiftForm

    @cached_property
    def suppression(self) -> Suppression:
        return get_object_or_404(Suppression.objects.standing(), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.suppression)

    @transaction.atomic
    def form_valid(self, form: LiftForm) -> HttpResponse:
        standing = Suppression.objects.standing().filter(pk=self.suppression.pk)
        if not standing.update(lifted_at=timezone.now()):
            raise Http404
        reason = form.cleaned_data["reason"]
        logbook.write(self.suppression, logbook.LIFT, self.request.user, reason=reason)
        messages.success(self.request, _("The address may be written to again."))
        return super().form_valid(form)
