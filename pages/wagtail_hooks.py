"""The only door to the admin's registries."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.models import Locale, Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet

from pages.carrying import screens
from pages.carrying.api import DeleteEverywhere, MoveEverywhere
from pages.gaps import gaps
from pages.tree.links import PageLinks
from pages.tree.published import is_retracted
from pages.viewsets import FrameViewSetGroup

register_snippet(FrameViewSetGroup)
PagesAdminAPIViewSet.actions |= {"delete": DeleteEverywhere, "move": MoveEverywhere}

hooks.register("before_delete_page", screens.before_deleting)
hooks.register("after_delete_page", screens.after_deleting)
hooks.register("before_move_page", screens.before_moving)


class GapsPanel(Component):
    """On the admin's first screen: which facts the site is waiting for."""

    name = "gaps"
    template_name = "pages/admin/gaps_panel.html"
    order = 150

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"gaps": list(gaps(Locale.get_active()))}


@hooks.register("register_rich_text_features", order=10)
def link_in_the_readers_language(features: FeatureRegistry) -> None:
    features.register_link_type(PageLinks)


@hooks.register("construct_homepage_panels")
def add_gaps_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(GapsPanel())


@hooks.register("before_edit_page", order=-1)  # wagtail-localize's shows a screen of its own
def tell_of_source(request: HttpRequest, page: Page) -> None:
    """A page that is published and yet not to be seen."""
    if request.method == "GET" and page.live and is_retracted(page):
        messages.warning(request, _("Visitors do not see it: its original is not published."))


@hooks.register("before_bulk_action")
def refuse_or_prepare(
    request: HttpRequest, action: str, rows: list[Model], view: BulkAction
) -> HttpResponse | None:
    return screens.before_bulk(request, action, rows, view) if view.model is Page else None


@hooks.register("after_bulk_action")
def carry_along(request: HttpRequest, action: str, _rows: list[Model], view: BulkAction) -> None:
    if view.model is Page:
        screens.after_bulk(request, action, view)


@hooks.register("insert_editor_js")
def wait_for_autosave() -> SafeString:
    address = versioned_static("pages/wait_for_autosave.js")
    return format_html('<script src="{}" defer></script>', address)
