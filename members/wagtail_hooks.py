"""The only door to the admin's registries."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from members.diseases.viewsets import ConceptViewSet
from members.import_admin import ImportsPanel, ImportsView
from members.models import Biobank, Collection
from members.profiles.screens import LetterView, ProfileViewSet
from members.viewsets import BiobankViewSet, CollectionViewSet


class MembersViewSetGroup(SnippetViewSetGroup):
    items = (BiobankViewSet, ProfileViewSet, CollectionViewSet, ConceptViewSet)
    menu_label = _("Biobanks")
    menu_icon = "home"
    menu_order = 240


register_snippet(MembersViewSetGroup)


class ImportsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(ImportsView.permission_required))


@hooks.register("register_admin_urls")
def imports_address() -> list[URLPattern]:
    return [path("directory-import/", ImportsView.as_view(), name="directory_imports")]


@hooks.register("register_admin_urls")
def letter_address() -> list[URLPattern]:
    return [path("biobank-letter/<int:pk>/", LetterView.as_view(), name="biobank_letter")]


@hooks.register("register_admin_menu_item")
def imports_item() -> MenuItem:
    address = reverse("directory_imports")
    return ImportsItem(_("Directory import"), address, icon_name="download", order=245)


@hooks.register("construct_homepage_panels")
def add_imports_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(ImportsView.permission_required):
        panels.append(ImportsPanel())


@hooks.register("before_bulk_action")
def keep_rows(_request: HttpRequest, action: str, rows: Iterable[Model], _view: object) -> None:
    """Wagtail asks no policy before it deletes many."""
    if action == "delete" and any(isinstance(row, Biobank | Collection) for row in rows):
        raise PermissionDenied


@hooks.register("register_permissions")
def imports_permissions() -> QuerySet[Permission]:
    """So that a group may be given them."""
    return Permission.objects.filter(
        content_type__app_label="members", content_type__model="importrun"
    )
