"""What can be done with a mailing: try it, send it, pause it, settle what is uncertain."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View

from newsletter.admin import logbook
from newsletter.admin.mailings.forms import SendForm, TestForm
from newsletter.admin.mailings.screen import (
    MAY_PREPARE,
    MAY_SEND,
    SECOND,
    MailingScreen,
    somebody,
)
from newsletter.mailings import refusals, transitions
from newsletter.mailings.progress import Progress, Recipients
from newsletter.models import Mailing
from newsletter.sending.trial import TrialFailedError, send_trial

LONGEST_KEY = 18  # digits, of those a database takes
Told = tuple[int, str | Promise]  # a level of messages, and what is said


def as_it_stands(mailing: Mailing) -> str:
    """What a form says of the mailing that its reader saw."""
    return f"{mailing.state} {mailing.scheduled_for}"


def log_sending(mailing: Mailing, user: User, count: int, at: datetime) -> None:
    moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")
    logbook.write(mailing, logbook.SEND, user, count=count, at=moment)


class SendView(MailingScreen, FormView):
    """When, to how many, and are you sure."""

    permission_required = MAY_SEND
    form_class = SendForm
    page_title = gettext_lazy("Send a mailing")
    template_name = "newsletter/admin/mailings/send.html"

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients.of(self.mailing)

    @property
    def seen(self) -> list[str]:
        return [as_it_stands(self.mailing)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"recipients": self.recipients.count}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was decided on another state of things is not done, whatever else was typed."""
        if request.POST.getlist("seen") != self.seen:
            return self._second()
        return super().post(request, *args, **kwargs)

    def _second(self) -> HttpResponse:
        messages.warning(self.request, SECOND)
        return redirect("newsletter_mailing", self.mailing.pk)

    def form_invalid(self, form: SendForm) -> HttpResponse:
        messages.error(self.request, _("Nothing is sent yet: see what is marked below."))
        return super().form_invalid(form)

    def form_valid(self, form: SendForm) -> HttpResponse:
        said, user = form.cleaned_data, somebody(self.request)
        if not transitions.schedule(self.mailing, said["scheduled_for"], said["not_after"], user):
            return self._second()
        log_sending(self.mailing, user, self.recipients.count, said["scheduled_for"])
        return redirect("newsletter_mailing", self.mailing.pk)


class PostView(MailingScreen, View):
    """Something is done, and the mailing's own screen says what came of it."""

    permission_required = MAY_SEND
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        level, told = self.act(**kwargs)
        messages.add_message(request, level, str(told))
        return redirect("newsletter_mailing", self.mailing.pk)

    def act(self, **kwargs: Any) -> Told:
        raise NotImplementedError


class TestView(PostView):
    """A test to one address: counted nowhere, its personal links lead nowhere."""

    permission_required = MAY_PREPARE

    def act(self, **_kwargs: Any) -> Told:
        form = TestForm(self.request.POST)
        if not form.is_valid():
            return messages.ERROR, _("The test was not sent: the address is not complete.")
        try:
            send_trial(self.mailing, form.cleaned_data["address"])
        except TrialFailedError as failure:
            return messages.ERROR, _("The test was not sent: %s") % failure
        logbook.write(self.mailing, logbook.TRY, self.request.user)
        return messages.SUCCESS, _("The test is sent.")


ACTS = {
    "pause": (transitions.pause, logbook.PAUSE, gettext_lazy("Paused: nothing more goes out.")),
    "resume": (transitions.resume, logbook.RESUME, gettext_lazy("It goes on.")),
    "cancel": (
        transitions.cancel,
        logbook.CANCEL,
        gettext_lazy("Cancelled: nothing more goes out."),
    ),
    "unschedule": (
        transitions.unschedule,
        logbook.UNSCHEDULE,
        gettext_lazy("Taken off the schedule: nothing goes out until you send it."),
    ),
}


class ActView(PostView):
    """Pause, resume, cancel, take off the schedule. Cancelling asks first."""

    def act(self, act: str, **_kwargs: Any) -> Told:  # type: ignore[override]  # each names what it wants
        do, logged, told = ACTS[act]
        if not do(self.mailing):
            return messages.WARNING, SECOND
        logbook.write(self.mailing, logged, self.request.user)
        return messages.SUCCESS, told


class CancelView(MailingScreen, TemplateView):
    permission_required = MAY_SEND
    page_title = gettext_lazy("Cancel a mailing")
    template_name = "newsletter/admin/mailings/cancel.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"progress": Progress(self.mailing)}


class UncertainView(PostView):
    """What nobody can know is decided by an editor."""

    def act(self, **_kwargs: Any) -> Told:
        ticked = self.request.POST.getlist("delivery")
        chosen = [int(key) for key in ticked if key.isdecimal() and len(key) <= LONGEST_KEY]
        again = self.request.POST.get("act") == "again"
        decide = transitions.send_again if again else transitions.treat_as_sent
        count = decide(self.mailing, chosen)
        if not count:
            return messages.WARNING, SECOND if ticked else _("Nothing was ticked.")
        action = logbook.SEND_AGAIN if again else logbook.TREAT_AS_SENT
        logbook.write(self.mailing, action, self.request.user, count=count)
        return messages.SUCCESS, _told(count, again=again)


class RefusedView(PostView):
    """What was refused for a fault of ours goes out again, when that is mended."""

    def act(self, **_kwargs: Any) -> Told:
        reasons = self.request.POST.getlist("reason")
        count = refusals.send_again(self.mailing, reasons)
        if not count:
            return messages.WARNING, SECOND if reasons else _("Nothing was ticked.")
        logbook.write(self.mailing, logbook.SEND_AGAIN, self.request.user, count=count)
        return messages.SUCCESS, _told(count, again=True)


def _told(count: int, *, again: bool) -> str:
    if again:
        told = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
    else:
        told = ngettext("%(count)d mail counts as sent.", "%(count)d mails count as sent.", count)
    return told % {"count": count}
