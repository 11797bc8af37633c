"""What every screen about one mailing has."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from newsletter.admin.screens import Screen
from newsletter.models import Mailing

MAY_PREPARE, MAY_SEND = "newsletter.add_mailing", "newsletter.send_mailing"
LIST = ("newsletter_mailings:index", gettext_lazy("Mailings"))


def somebody(request: HttpRequest) -> User:
    """Who may come here has signed in."""
    return cast("User", request.user)


class MailingScreen(Screen):
    """A screen about one mailing."""

    permission_required = "newsletter.view_mailing"
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
