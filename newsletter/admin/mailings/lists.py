"""Mailings: prepare one, and watch it go out."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.ui.tables import Column, TitleColumn

from newsletter.admin import logbook
from newsletter.admin.mailings.actions import (
    ACTS,
    ActView,
    CancelView,
    RefusedView,
    SendView,
    TestView,
    UncertainView,
)
from newsletter.admin.mailings.drafts import TryDraftView
from newsletter.admin.mailings.figures import MAY_SEE, FiguresView
from newsletter.admin.mailings.forms import PrepareForm, TestForm
from newsletter.admin.mailings.screen import LIST, MAY_PREPARE, MailingScreen, somebody
from newsletter.admin.screens import ListView, ListViewSet, Screen
from newsletter.issues.freezing import CannotFreeze, Frozen, freeze
from newsletter.issues.previews import as_mail
from newsletter.issues.readiness import why_not_ready
from newsletter.mailings import transitions
from newsletter.mailings.progress import Progress, Recipients
from newsletter.models import Mailing, NewsletterIssuePage, StrayReport
from newsletter.personal import inert


class MailingList(ListView):
    note = gettext_lazy(
        "A mailing is prepared from its issue: choose “All languages” among the buttons below it,"
        " or in the menu of its row below “Newsletter issues”."
    )
    template_name = "newsletter/admin/mailings/list.html"
    ways = ((MAY_SEE, gettext_lazy("Figures"), "newsletter_mailings:figures", "history"),)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, **kwargs) | {"strays": StrayReport.lately()}


class MailingViewSet(ListViewSet):
    model = Mailing
    icon = "mail"
    menu_label = gettext_lazy("Mailings")
    index_view_class = MailingList
    list_display = [
        TitleColumn("subject", label=gettext_lazy("Subject"), url_name="newsletter_mailing"),
        Column("language", label=gettext_lazy("Language"), accessor="get_language_display"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
        Column("prepared_at", label=gettext_lazy("Prepared"), sort_key="prepared_at"),
        Column("started_at", label=gettext_lazy("Started"), sort_key="started_at"),
    ]
    list_filter = ["state", "language"]
    name = "newsletter_mailings"
    url_prefix = "newsletter/mailings"

    def more_urls(self) -> list[URLPattern]:
        return [path("figures/", FiguresView.as_view(), name="figures")]


class PrepareView(Screen, FormView):
    """From the published revision of an issue to a mailing: the checks, then whom it is for."""

    permission_required = MAY_PREPARE
    header_icon = "mail"
    above = LIST
    form_class = PrepareForm
    page_title = gettext_lazy("Prepare a mailing")
    template_name = "newsletter/admin/mailings/prepare.html"

    @cached_property
    def issue(self) -> NewsletterIssuePage:
        issue: NewsletterIssuePage = get_object_or_404(
            NewsletterIssuePage, pk=self.kwargs["page"], alias_of=None
        )
        if not issue.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return issue

    @cached_property
    def problems(self) -> list[str]:
        return why_not_ready(self.issue)

    def get_form_kwargs(self) -> dict[str, Any]:
        locale = self.issue.locale
        languages = {locale.language_code: locale.get_display_name()}
        return super().get_form_kwargs() | {"languages": languages}

    def _frozen(self) -> Frozen | None:
        """The mail; None where there are problems, some of which show only now."""
        if self.problems:
            return None
        try:
            return freeze(self.issue.live_revision)
        except CannotFreeze as refusal:
            self.problems = refusal.problems
            return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._existing() or super().get(request, *args, **kwargs)

    def _existing(self) -> HttpResponse | None:
        mailing = self.issue.mailings.exclude(state=Mailing.State.CANCELLED).first()
        return redirect("newsletter_mailing", mailing.pk) if mailing else None

    def get_page_subtitle(self) -> str:
        return self.issue.title

    def form_valid(self, form: PrepareForm) -> HttpResponse:
        existing = self._existing()
        if existing:
            return existing
        frozen = self._frozen()
        if frozen is None:
            return self.render_to_response(self.get_context_data(form=form))
        topics = form.cleaned_data["topics"]
        mailing = transitions.prepare(self.issue, frozen, topics, somebody(self.request))
        logbook.write(mailing, logbook.PREPARE, self.request.user)
        return redirect("newsletter_mailing", mailing.pk)


class MailingView(MailingScreen, TemplateView):
    """All that is known of a mailing, and what can be done with it."""

    page_title = gettext_lazy("Mailing")
    template_name = "newsletter/admin/mailings/mailing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.mailing.started_at is None and self.mailing.state != Mailing.State.CANCELLED:
            context["recipients"] = Recipients.of(self.mailing)
        return context | {
            "progress": Progress(self.mailing),
            "test_form": TestForm(initial={"address": somebody(self.request).email}),
        }


class FrozenView(MailingScreen, View):
    """The mail as it is frozen, with links that lead nowhere."""

    part = "html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.part == "text":
            text = inert(self.mailing.text)
            return HttpResponse(text, content_type="text/plain; charset=utf-8")
        return as_mail(inert(self.mailing.html))


def urls() -> list[URLPattern]:
    one = "newsletter/mailing/<key:pk>/"
    # What changes on its page: a script asks for it while a mailing goes out.
    progress = MailingView.as_view(template_name="newsletter/admin/mailings/progress.html")
    return [
        path("newsletter/prepare/<key:page>/", PrepareView.as_view(), name="newsletter_prepare"),
        path("newsletter/try/<key:page>/", TryDraftView.as_view(), name="newsletter_try_draft"),
        path(one, MailingView.as_view(), name="newsletter_mailing"),
        path(f"{one}progress/", progress, name="newsletter_progress"),
        path(f"{one}html/", FrozenView.as_view(), name="newsletter_frozen_html"),
        path(f"{one}text/", FrozenView.as_view(part="text"), name="newsletter_frozen_text"),
        path(f"{one}test/", TestView.as_view(), name="newsletter_test"),
        path(f"{one}send/", SendView.as_view(), name="newsletter_send"),
        path(f"{one}cancelling/", CancelView.as_view(), name="newsletter_cancelling"),
        path(f"{one}uncertain/", UncertainView.as_view(), name="newsletter_uncertain"),
        path(f"{one}refused/", RefusedView.as_view(), name="newsletter_refused"),
        *(
            path(f"{one}{act}/", ActView.as_view(), {"act": act}, name=f"newsletter_{act}")
            for act in ACTS
        ),
    ]
