"""What every screen about one mailing has, and every one about an issue in its languages."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from newsletter.admin.screens import Screen
from newsletter.mailings.editions import Edition, editions_of, original_of
from newsletter.models import Mailing, NewsletterIssuePage
from pages.guarding.refusal import refuse
from pages.translating.rights import Refusal

MAY_LOOK = "newsletter.view_mailing"
MAY_PREPARE, MAY_SEND = "newsletter.add_mailing", "newsletter.send_mailing"
LIST = ("newsletter_mailings:index", gettext_lazy("Mailings"))
SECOND = gettext_lazy("Somebody else was first: this is how it stands.")
NOT_SEEN = gettext_lazy("This is for who edits the issue in one of its languages, or sends it.")
NOT_PREPARED = gettext_lazy("You may not prepare mailings.")
NOT_SENT = gettext_lazy("You may not send mailings.")


def somebody(request: HttpRequest) -> User:
    """Who may come here has signed in."""
    return cast("User", request.user)


class MailingScreen(Screen):
    """A screen about one mailing."""

    permission_required = MAY_LOOK
    header_icon = "mail"
    above = LIST

    @cached_property
    def mailing(self) -> Mailing:
        rows = Mailing.objects.select_related("issue", "sent_by", "prepared_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return f"{self.mailing.subject} ({self.mailing.get_language_display()})"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "mailing": self.mailing,
            "topics": self.mailing.topics.prefetch_related("labels"),
        }


class RefusingScreen(Screen):
    """Who may not come here is told why: by `refusal`, "" for who may."""

    permission_required = ()
    header_icon = "mail"

    @property
    def refusal(self) -> Refusal:
        raise NotImplementedError

    def has_permission(self) -> bool:
        return not self.refusal

    def handle_no_permission(self) -> HttpResponse:  # type: ignore[override]  # no redirect
        return refuse(self.request, self.refusal)


class IssueScreen(RefusingScreen):
    """A screen about an issue in its languages."""

    @cached_property
    def issue(self) -> NewsletterIssuePage:
        return get_object_or_404(NewsletterIssuePage, pk=self.kwargs["page"], alias_of=None)

    @cached_property
    def original(self) -> NewsletterIssuePage:
        return original_of(self.issue)

    @cached_property
    def editions(self) -> list[Edition]:
        return editions_of(self.issue)

    @property
    def refusal(self) -> Refusal:
        return "" if may_see(somebody(self.request), self.editions) else NOT_SEEN

    def get_page_subtitle(self) -> str:
        return str(self.original.draft_title)

    def to_desk(self) -> HttpResponse:
        return redirect("newsletter_issue", self.issue.pk)


def may_see(user: User, editions: list[Edition]) -> bool:
    pages = (edition.page for edition in editions if edition.page)
    return user.has_perm(MAY_LOOK) or any(
        page.permissions_for_user(user).can_edit() for page in pages
    )
