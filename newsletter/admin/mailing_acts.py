"""What can be done with a mailing: try it, send it, pause it, settle what is uncertain."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from newsletter import mailing as acts
from newsletter.admin import logbook
from newsletter.admin.mailing_forms import SendForm, TestForm
from newsletter.admin.mailing_screen import MAY_PREPARE, MAY_SEND, MailingScreen, somebody
from newsletter.progress import Progress, Recipients
from newsletter.trial import TrialFailedError, send_trial


class SendView(MailingScreen, FormView):
    """When, to how many, and are you sure."""

    permission_required = MAY_SEND
    form_class = SendForm
    page_title = gettext_lazy("Send a mailing")
    template_name = "newsletter/admin/mailings/send.html"

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients.of(self.mailing)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"recipients": self.recipients.count}

    def form_valid(self, form: SendForm) -> HttpResponse:
        said, user = form.cleaned_data, somebody(self.request)
        if acts.schedule(self.mailing, said["scheduled_for"], said["not_after"], user):
            logbook.write(
                self.mailing,
                logbook.SEND,
                user,
                count=self.recipients.count,
                at=timezone.localtime(said["scheduled_for"]).strftime("%Y-%m-%d %H:%M"),
            )
        else:
            messages.warning(self.request, _("Somebody else was first: this is how it stands."))
        return redirect("newsletter_mailing", self.mailing.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"recipients": self.recipients}


class TestView(MailingScreen, View):
    """A test to one address: counted nowhere, its personal links lead nowhere."""

    permission_required = MAY_PREPARE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = TestForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("The test was not sent: the address is not complete."))
            return redirect("newsletter_mailing", self.mailing.pk)
        try:
            send_trial(self.mailing, form.cleaned_data["address"])
        except TrialFailedError as failure:
            messages.error(request, _("The test was not sent: %s") % failure)
        else:
            logbook.write(self.mailing, logbook.TRY, request.user)
            messages.success(request, _("The test is sent."))
        return redirect("newsletter_mailing", self.mailing.pk)


ACTS = {
    "pause": (acts.pause, logbook.PAUSE, gettext_lazy("Paused: nothing more goes out.")),
    "resume": (acts.resume, logbook.RESUME, gettext_lazy("It goes on.")),
    "cancel": (acts.cancel, logbook.CANCEL, gettext_lazy("Cancelled: nothing more goes out.")),
    "unschedule": (
        acts.unschedule,
        logbook.UNSCHEDULE,
        gettext_lazy("Taken off the schedule: nothing goes out until you send it."),
    ),
}


class ActView(MailingScreen, View):
    """Pause, resume, cancel, take off the schedule. Cancelling asks first."""

    permission_required = MAY_SEND
    http_method_names = ["post"]

    def post(self, request: HttpRequest, act: str, **kwargs: Any) -> HttpResponse:
        do, logged, told = ACTS[act]
        if do(self.mailing):
            logbook.write(self.mailing, logged, request.user)
            messages.success(request, str(told))
        else:
            messages.warning(request, _("Somebody else was first: this is how it stands."))
        return redirect("newsletter_mailing", self.mailing.pk)


class CancelView(MailingScreen, TemplateView):
    permission_required = MAY_SEND
    page_title = gettext_lazy("Cancel a mailing")
    template_name = "newsletter/admin/mailings/cancel.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"progress": Progress(self.mailing)}


class UncertainView(MailingScreen, View):
    """What nobody can know is decided by an editor."""

    permission_required = MAY_SEND
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        chosen = [int(pk) for pk in request.POST.getlist("delivery") if pk.isdecimal()]
        again = request.POST.get("act") == "again"
        decide = acts.send_again if again else acts.treat_as_sent
        if count := decide(self.mailing, chosen):
            action = logbook.SEND_AGAIN if again else logbook.TREAT_AS_SENT
            logbook.write(self.mailing, action, request.user, count=count)
        return redirect("newsletter_mailing", self.mailing.pk)
