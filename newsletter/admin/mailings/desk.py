"""One screen for one issue: its languages side by side, and what is done to all at a press."""

from collections import defaultdict
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View
from wagtail.permission_policies.pages import PagePermissionPolicy

from newsletter.admin.mailings.forms import BeginForm, PrepareForm
from newsletter.admin.mailings.screen import (
    MAY_LOOK,
    MAY_PREPARE,
    MAY_SEND,
    SECOND,
    IssueScreen,
    RefusingScreen,
    somebody,
)
from newsletter.admin.mailings.together import PrepareAllView, SendAllView
from newsletter.admin.mailings.ways import ACTS, Column, why_no_news
from newsletter.issues.beginning import Since, begin_from, last_sent, put_in
from newsletter.mailings.editions import Edition, Stage
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from pages.guarding.refusal import refuse
from pages.translating.rights import Refusal

MOST_UNDER_WAY = 5
NOT_ADDED = gettext_lazy("You may not add issues here.")


def under_way(user: User) -> list[NewsletterIssuePage]:
    """The newest issues that are unsent in some language, for who has to do with them."""
    pages = NewsletterIssuePage.objects.filter(alias_of=None).unsent()
    if not user.has_perm(MAY_LOOK):
        mine = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        pages = pages.filter(pk__in=mine.order_by().values("pk"))
    by_key = defaultdict(list)
    for page in pages.order_by("-latest_revision_created_at", "-pk").defer_streamfields()[:20]:
        by_key[page.translation_key].append(page)
    oldest = [min(group, key=attrgetter("pk")) for group in by_key.values()]
    return oldest[:MOST_UNDER_WAY]


class DeskView(IssueScreen, TemplateView):
    page_title = gettext_lazy("Issue in all languages")
    template_name = "newsletter/admin/mailings/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = somebody(self.request)
        columns = [Column(edition, self.original, user) for edition in self.editions]
        return super().get_context_data(**kwargs) | {
            "columns": columns,
            "acts": _acts_on_all(columns),
            "prepare_form": self._prepare_form(),
            "is_sendable": self._may(MAY_SEND) and self._are_some(Stage.PREPARED),
            "takes_news": not why_no_news(user, self._edition_of_original),
        }

    def _may(self, permission: str) -> bool:
        return somebody(self.request).has_perm(permission)

    def _are_some(self, stage: Stage) -> bool:
        return any(edition.stage is stage for edition in self.editions)

    @property
    def _edition_of_original(self) -> Edition:
        return next(each for each in self.editions if each.page == self.original)

    def _prepare_form(self) -> PrepareForm | None:
        ready = {each.code: each.name for each in self.editions if each.stage is Stage.READY}
        return PrepareForm(languages=ready) if ready and self._may(MAY_PREPARE) else None


def _acts_on_all(columns: list[Column]) -> list[tuple[str, str]]:
    """Names and labels of what is due, and theirs, in several languages."""
    counts = {name: sum(column.act == name for column in columns) for name in ACTS}
    return [
        (name, str(ACTS[name].label_of_all) % many) for name, many in counts.items() if many > 1
    ]


class IssueActView(IssueScreen, View):
    """Begin, submit, approve or publish: in one language, or in each where it is due."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, act: str, **_kwargs: Any) -> HttpResponse:
        if act not in ACTS:
            raise Http404
        chosen = request.POST.getlist("language") or [edition.code for edition in self.editions]
        due = [one for one in self.editions if one.code in chosen and ACTS[act].is_due(one)]
        refusals = [ACTS[act].refusal(somebody(request), one, self.original) for one in due]
        if refusals and all(refusals):
            return refuse(request, refusals[0])
        if not due:
            messages.warning(request, SECOND)
        for edition, refusal in zip(due, refusals, strict=True):
            if not refusal:
                self._carry_out(act, edition)
        return self.to_desk()

    def _carry_out(self, act: str, edition: Edition) -> None:
        try:
            with transaction.atomic():
                told = ACTS[act].carry_out(somebody(self.request), edition, self.original)
            messages.success(self.request, f"{edition.name}: {told}")
        except ValidationError as error:
            messages.error(self.request, f"{edition.name}: {' '.join(error.messages)}")


class PutInView(IssueScreen, View):
    """The news and events since the issue before, at the end of the draft."""

    http_method_names = ["post"]

    @cached_property
    def edition(self) -> Edition | None:
        return next((each for each in self.editions if each.page == self.issue), None)

    @property
    def refusal(self) -> Refusal:
        return why_no_news(somebody(self.request), self.edition) if self.edition else ""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        found = put_in(self.issue, somebody(request))
        if not found.count:
            messages.info(request, _told_of_none(found))
            return self.to_desk()
        messages.success(request, _told_of(found))
        return redirect("wagtailadmin_pages:edit", self.issue.pk)


def _told_of_none(found: Since) -> str:
    if found.last is None:
        return _("There is nothing to put in: every published news and coming event is in it.")
    told = _("There is nothing to put in: nothing was published since “%(issue)s”.")
    return told % {"issue": found.last.title}


def _told_of(found: Since) -> str:
    news, events = len(found.news), len(found.events)
    told = _("Put in at its end: %(news)s, %(events)s. Take out what does not belong.")
    return told % {
        "news": ngettext("%d news item", "%d news items", news) % news,
        "events": ngettext("%d event", "%d events", events) % events,
    }


class BeginView(RefusingScreen, FormView):
    """A new issue from the last one."""

    form_class = BeginForm
    page_title = gettext_lazy("Begin from the last issue")
    template_name = "newsletter/admin/mailings/begin.html"

    @cached_property
    def archive(self) -> NewsletterIndexPage:
        return get_object_or_404(NewsletterIndexPage, pk=self.kwargs["page"])

    @cached_property
    def last(self) -> NewsletterIssuePage | None:
        return last_sent(self.archive)

    @property
    def refusal(self) -> Refusal:
        user = somebody(self.request)
        return "" if self.archive.permissions_for_user(user).can_add_subpage() else NOT_ADDED

    def get_page_subtitle(self) -> str:
        return str(self.archive.locale.get_display_name())

    def get_initial(self) -> dict[str, str]:
        return {"title": self.last.title if self.last else ""}

    def form_valid(self, form: BeginForm) -> HttpResponse:
        if self.last is None:
            return redirect(self.request.path)
        try:
            draft = begin_from(self.last, form.cleaned_data["title"], somebody(self.request))
        except ValidationError as error:
            form.add_error("title", error)
            return self.form_invalid(form)
        told = _(
            "A draft with the words of “%(issue)s”: its subject, news and dates are the old ones."
        )
        messages.success(self.request, told % {"issue": self.last.title})
        return redirect("wagtailadmin_pages:edit", draft.pk)


def urls() -> list[URLPattern]:
    one = "newsletter/issue/<key:page>/"
    return [
        path(one, DeskView.as_view(), name="newsletter_issue"),
        path(f"{one}prepare/", PrepareAllView.as_view(), name="newsletter_prepare_all"),
        path(f"{one}send/", SendAllView.as_view(), name="newsletter_send_all"),
        path(f"{one}news/", PutInView.as_view(), name="newsletter_put_in"),
        path("newsletter/begin/<key:page>/", BeginView.as_view(), name="newsletter_begin"),
        path(f"{one}<slug:act>/", IssueActView.as_view(), name="newsletter_act_all"),
    ]
