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
from newsletter.admin.mailings import desk, lists
from newsletter.admin.mailings.screen import MAY_LOOK
from newsletter.admin.viewsets import NewsletterViewSetGroup
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from pages.carrying.translations import deleted_along

hooks.register("register_admin_viewset", NewsletterViewSetGroup)
hooks.register("register_log_actions", logbook.register)
hooks.register("register_admin_urls", lists.urls)
hooks.register("register_admin_urls", desk.urls)
ALL_LANGUAGES, SEND_A_TEST = _("All languages"), _("Send a test")


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

    icon_name = "mail"
    address: str  # its name

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse(self.address, args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
class DeskItem(IssueItem):
    """From an issue to all its languages and their mailings."""

    order = 110  # after what is done to the page itself
    label = ALL_LANGUAGES
    name = "action-mailing"
    address = "newsletter_issue"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return has_desk(context.get("page"))


@hooks.register("register_page_action_menu_item")
class TestItem(IssueItem):
    order = 111
    label = SEND_A_TEST
    name = "action-test"
    address = "newsletter_try_draft"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return may_try(context["request"].user, context.get("page"))


def has_desk(page: Page | None) -> bool:
    """Whoever may open an issue may see how far it is."""
    return isinstance(page, NewsletterIssuePage) and not page.alias_of_id and bool(page.pk)


def may_try(user: User, page: Page | None) -> bool:
    if not isinstance(page, NewsletterIssuePage) or not page.latest_revision_id:
        return False
    return page.permissions_for_user(user).can_edit()


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def newsletter_buttons(
    page: Page, user: User, next_url: str | None = None, view_name: str | None = None
) -> Iterator[Button]:
    """For who does not open the issue, and for who begins one."""
    if has_desk(page) and (user.has_perm(MAY_LOOK) or page.permissions_for_user(user).can_edit()):
        address = reverse("newsletter_issue", args=[page.pk])
        yield Button(ALL_LANGUAGES, address, icon_name="mail", priority=70)
    if may_try(user, page):
        address = reverse("newsletter_try_draft", args=[page.pk])
        yield Button(SEND_A_TEST, address, icon_name="mail", priority=71)
    if isinstance(page, NewsletterIndexPage) and page.permissions_for_user(user).can_add_subpage():
        address = reverse("newsletter_begin", args=[page.pk])
        yield Button(_("Begin from the last issue"), address, icon_name="copy", priority=70)


class UnderWayPanel(Component):
    """On the admin's first screen: issues that somebody has something to do with."""

    name = "newsletter-under-way"
    template_name = "newsletter/admin/mailings/under_way.html"
    order = 130

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"issues": desk.under_way(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def add_under_way_panel(_request: HttpRequest, panels: list[Component]) -> None:
    panels.append(UnderWayPanel())
