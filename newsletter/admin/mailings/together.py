"""What is done with the mailings of an issue in all languages at once: prepared, and sent."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View

from newsletter.admin import logbook
from newsletter.admin.mailings.actions import as_it_stands, log_sending
from newsletter.admin.mailings.forms import PrepareForm, SendForm
from newsletter.admin.mailings.screen import (
    MAY_PREPARE,
    MAY_SEND,
    NOT_PREPARED,
    NOT_SENT,
    SECOND,
    IssueScreen,
    somebody,
)
from newsletter.issues.freezing import CannotFreeze, freeze
from newsletter.mailings import transitions
from newsletter.mailings.editions import Edition, Stage
from newsletter.mailings.progress import Recipients
from newsletter.models import Mailing, Topic
from pages.guarding.reach import is_key
from pages.translating import rights
from pages.translating.rights import Refusal


class PrepareAllView(IssueScreen, View):
    """Each language that is ready, for the same topics."""

    http_method_names = ["post"]

    @property
    def refusal(self) -> Refusal:
        return "" if somebody(self.request).has_perm(MAY_PREPARE) else NOT_PREPARED

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        ready = [edition for edition in self.editions if edition.stage is Stage.READY]
        form = PrepareForm(request.POST, languages={})
        if not form.is_valid():
            messages.error(request, " ".join(map(str, form.errors["topics"])))
        elif not ready:
            messages.warning(request, SECOND)
        else:
            for edition in ready:
                self._prepare(edition, list(form.cleaned_data["topics"]))
        return self.to_desk()

    def _prepare(self, edition: Edition, topics: list[Topic]) -> None:
        page, user = edition.page, somebody(self.request)
        if page is None or not page.permissions_for_user(user).can_edit():
            told = rights.NOT_WRITTEN.format(page=page, language=edition.name)
            messages.warning(self.request, told)
            return
        try:
            mailing = transitions.prepare(page, freeze(page.live_revision), topics, user)
        except CannotFreeze as refusal:
            messages.error(self.request, f"{edition.name}: {' '.join(refusal.problems)}")
            return
        logbook.write(mailing, logbook.PREPARE, user)
        messages.success(self.request, _("%s: prepared.") % edition.name)


@dataclass
class Sending:
    """What goes out in one language."""

    edition: Edition
    mailing: Mailing
    recipients: Recipients

    @property
    def seen(self) -> str:
        return f"{self.mailing.pk} {as_it_stands(self.mailing)}"


class SendAllView(IssueScreen, FormView):
    """All that is prepared, at one time: what goes to how many in each language."""

    form_class = SendForm
    page_title = gettext_lazy("Send in all languages")
    template_name = "newsletter/admin/mailings/send_all.html"

    @property
    def refusal(self) -> Refusal:
        return "" if somebody(self.request).has_perm(MAY_SEND) else NOT_SENT

    @cached_property
    def sendings(self) -> list[Sending]:
        """Of a form that was filled in, those that stand as its reader saw them."""
        found = [
            Sending(one, one.mailing, Recipients.of(one.mailing))
            for one in self.editions
            if one.mailing and one.stage is Stage.PREPARED
        ]
        seen = self.request.POST.getlist("seen")
        return [one for one in found if self.request.method != "POST" or one.seen in seen]

    @property
    def seen(self) -> list[str]:
        return [one.seen for one in self.sendings]

    @property
    def left_out(self) -> list[Edition]:
        """Languages whose readers get nothing of this."""
        going = {one.edition.code for one in self.sendings}
        others = (one for one in self.editions if one.code not in going)
        return [one for one in others if one.stage is not Stage.ON_ITS_WAY and one.in_language]

    @property
    def count(self) -> int:
        return sum(one.recipients.count for one in self.sendings)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"recipients": self.count}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.sendings:
            messages.warning(request, _("No mailing of this issue waits to be sent."))
            return self.to_desk()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was decided on another state of things is not done, whatever else was typed."""
        if len(self.sendings) < len(request.POST.getlist("seen")):
            self._tell_of_changed()
        return super().post(request, *args, **kwargs) if self.sendings else self.to_desk()

    def _tell_of_changed(self) -> None:
        going = {one.seen.split()[0] for one in self.sendings}
        gone = [seen.split()[0] for seen in self.request.POST.getlist("seen") if seen.split()]
        keys = {int(key) for key in gone if is_key(key) and key not in going}
        for mailing in Mailing.objects.filter(pk__in=keys):
            messages.warning(self.request, f"{mailing.get_language_display()}: {SECOND}")

    def form_invalid(self, form: SendForm) -> HttpResponse:
        messages.error(self.request, _("Nothing is sent yet: see what is marked below."))
        return super().form_invalid(form)

    @transaction.atomic
    def form_valid(self, form: SendForm) -> HttpResponse:
        for one in self.sendings:
            self._send(one, form.cleaned_data)
        return self.to_desk()

    def _send(self, one: Sending, said: dict[str, Any]) -> None:
        user, name = somebody(self.request), one.edition.name
        if not one.recipients.count:
            messages.warning(self.request, _("%s: not sent, for nobody would get it.") % name)
        elif transitions.schedule(one.mailing, said["scheduled_for"], said["not_after"], user):
            log_sending(one.mailing, user, one.recipients.count, said["scheduled_for"])
            messages.success(self.request, _("%s: it goes out.") % name)
        else:
            messages.warning(self.request, f"{name}: {SECOND}")
