"""The only door to the admin's registries."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from newsletter.admin import kept_issues, logbook
from newsletter.admin.mailings import lists
from newsletter.admin.mailings.screen import MAY_PREPARE
from newsletter.admin.viewsets import NewsletterViewSetGroup
from newsletter.models import NewsletterIssuePage
from pages.carrying.translations import deleted_along
from pages.tree.published import is_retracted

hooks.register("register_admin_viewset", NewsletterViewSetGroup)
hooks.register("register_log_actions", logbook.register)
hooks.register("register_admin_urls", lists.urls)


@hooks.register("before_delete_page")
def keep_what_was_sent(request: HttpRequest, page: Page) -> HttpResponse | None:
    return kept_issues.refusal(request, [page, *deleted_along([page])])


@hooks.register("before_bulk_action")
def keep_all_that_was_sent(
    request: HttpRequest, action: str, rows: Iterable[Model], _view: object
) -> HttpResponse | None:
    pages = [row for row in rows if isinstance(row, Page)]
    if action != "delete":
        return None
    return kept_issues.refusal(request, [*pages, *deleted_along(pages)])


class StoppedPanel(Component):
    """Sign-ups wait for their mails, too: it must not take a mailing to find out."""

    name = "newsletter-stopped"
    template_name = "newsletter/admin/stopped_panel.html"
    order = 140


@hooks.register("construct_homepage_panels")
def add_stopped_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm("newsletter.view_mailing"):
        panels.append(StoppedPanel())


class IssueItem(ActionMenuItem):
    """From an issue to a screen about its mail."""

    address: str  # its name

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse(self.address, args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
class MailingItem(IssueItem):
    order = 5
    label = _("Mailing")
    name = "action-mailing"
    icon_name = "mail"
    address = "newsletter_prepare"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return may_prepare(context["request"].user, context.get("page"))


@hooks.register("register_page_action_menu_item")
class TestItem(IssueItem):
    order = 6
    label = _("Send a test")
    name = "action-test"
    icon_name = "mail"
    address = "newsletter_try_draft"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return may_try(context["request"].user, context.get("page"))


def may_prepare(user: User, page: Page | None) -> bool:
    if not isinstance(page, NewsletterIssuePage) or page.alias_of_id:
        return False
    return page.live and not is_retracted(page) and user.has_perm(MAY_PREPARE)


def may_try(user: User, page: Page | None) -> bool:
    if not isinstance(page, NewsletterIssuePage) or not page.latest_revision_id:
        return False
    return page.permissions_for_user(user).can_edit()


@hooks.register("register_page_listing_more_buttons")
def mail_buttons(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """For who does not open the issue, or opens it on a translation's screen."""
    if may_prepare(user, page):
        address = reverse("newsletter_prepare", args=[page.pk])
        yield Button(_("Mailing"), address, icon_name="mail", priority=70)
    if may_try(user, page):
        address = reverse("newsletter_try_draft", args=[page.pk])
        yield Button(_("Send a test"), address, icon_name="mail", priority=71)
