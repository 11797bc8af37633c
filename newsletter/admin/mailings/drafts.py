"""A test of an issue before it is approved, for whoever may edit it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.log_actions import log

from newsletter.admin import logbook
from newsletter.admin.mailings.forms import TestForm
from newsletter.admin.mailings.screen import somebody
from newsletter.admin.screens import Screen
from newsletter.issues.composing import compose
from newsletter.issues.freezing import all_problems, picture_seen
from newsletter.models import NewsletterIssuePage
from newsletter.sending.trial import TrialFailedError, send_draft


class TryDraftView(Screen, FormView):
    """The draft as it was last saved, to one address."""

    permission_required = "wagtailadmin.access_admin"
    header_icon = "mail"
    form_class = TestForm
    page_title = gettext_lazy("Send a test")
    template_name = "newsletter/admin/mailings/try_draft.html"

    @cached_property
    def issue(self) -> NewsletterIssuePage:
        issue: NewsletterIssuePage = get_object_or_404(NewsletterIssuePage, pk=self.kwargs["page"])
        if not issue.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        if issue.latest_revision is None:  # it stands in for another language's
            raise Http404
        return issue

    @property
    def problems(self) -> list[str]:
        page = self.issue.latest_revision.as_object()
        return all_problems(page, compose(page, picture_seen))

    def get_page_subtitle(self) -> str:
        return self.issue.latest_revision.object_str

    def get_initial(self) -> dict[str, Any]:
        return {"address": somebody(self.request).email}

    def form_valid(self, form: TestForm) -> HttpResponse:
        try:
            sent = send_draft(self.issue, form.cleaned_data["address"])
        except TrialFailedError as failure:
            messages.error(self.request, _("The test was not sent: %s") % failure)
            return self.render_to_response(self.get_context_data(form=form))
        log(self.issue, logbook.TRY, user=somebody(self.request), revision=sent)
        messages.success(self.request, _("The test is sent."))
        return redirect("newsletter_try_draft", self.issue.pk)
