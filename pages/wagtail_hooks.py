"""The only door to the admin's registries."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.models import Locale
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet

from pages.gaps import gaps
from pages.tree.links import PageLinks
from pages.viewsets import FrameViewSetGroup

register_snippet(FrameViewSetGroup)


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


@hooks.register("insert_editor_js")
def wait_for_autosave() -> SafeString:
    address = versioned_static("pages/wait_for_autosave.js")
    return format_html('<script src="{}" defer></script>', address)
