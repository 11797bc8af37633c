"""The only door to the admin's registries."""

from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.log_actions import LogActionRegistry

from newsletter.admin import logbook, mailings
from newsletter.admin.mailing_screen import MAY_PREPARE
from newsletter.admin.viewsets import NewsletterViewSetGroup
from newsletter.models import NewsletterIssuePage


@hooks.register("register_admin_viewset")
def newsletter_screens() -> NewsletterViewSetGroup:
    return NewsletterViewSetGroup()


@hooks.register("register_log_actions")
def newsletter_acts(actions: LogActionRegistry) -> None:
    logbook.register(actions)


@hooks.register("register_admin_urls")
def mailing_screens() -> list[URLPattern]:
    return mailings.urls()


class MailingItem(ActionMenuItem):
    """From an issue to its mailing."""

    label = _("Mailing")
    name = "action-mailing"
    icon_name = "mail"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page, user = context.get("page"), context["request"].user
        if not isinstance(page, NewsletterIssuePage) or page.alias_of_id:
            return False
        return page.live and user.has_perm(MAY_PREPARE)

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("newsletter_prepare", args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
def mailing_item() -> MailingItem:
    return MailingItem(order=5)
