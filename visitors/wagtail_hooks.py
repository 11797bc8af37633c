"""The only door to the admin's registries."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from visitors.notice.admin import PUBLISH, CookieNoticeView, PublishSentence


class CookieNoticeItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CookieNoticeView.permission_required))


@hooks.register("register_admin_urls")
def cookie_notice_address() -> list[URLPattern]:
    return [path("cookie-notice/", CookieNoticeView.as_view(), name="cookie_notice")]


@hooks.register("register_admin_menu_item")
def cookie_notice_item() -> MenuItem:
    address = reverse("cookie_notice")
    return CookieNoticeItem(_("Cookie notice"), address, icon_name="clipboard-list", order=260)


@hooks.register("register_log_actions")
def cookie_notice_act(actions: LogActionRegistry) -> None:
    actions.register_action(PUBLISH)(PublishSentence)


@hooks.register("register_permissions")
def cookie_notice_permission() -> QuerySet[Permission]:
    """So that a group may be given it."""
    return Permission.objects.filter(
        content_type__app_label="visitors", codename="add_cookienotice"
    )
