"""The only door to the admin's registries."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.contrib.redirects import views as redirect_views
from wagtail.models import Locale, Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail_localize.segments import ingest

from pages.carrying import screens
from pages.carrying.api import (
    AliasAtFreeAddress,
    CopyToFreeAddress,
    DeleteEverywhere,
    MoveEverywhere,
)
from pages.editing import lines, usage
from pages.editing.gone_choices import WriterPastGaps
from pages.editing.one_language import search_in_language
from pages.gaps import gaps
from pages.guarding.reach import SeenDocuments, SeenPictures, seen_pages
from pages.guarding.refusal import refuse
from pages.releases import menu
from pages.translating import buttons, desk, guard, screen, views
from pages.translating.unfinished import UnfinishedPanel
from pages.tree.addresses import refuse_address, refuse_taken
from pages.tree.links import PageLinks
from pages.tree.published import is_retracted
from pages.tree.redirects import RedirectForm
from pages.viewsets import FrameViewSetGroup

if TYPE_CHECKING:
    from django.db.models import QuerySet

register_snippet(FrameViewSetGroup)
PagesAdminAPIViewSet.actions |= {
    "copy": CopyToFreeAddress,
    "create_alias": AliasAtFreeAddress,
    "delete": DeleteEverywhere,
    "move": MoveEverywhere,
}

hooks.register("before_delete_page", screens.before_deleting)
hooks.register("after_delete_page", screens.after_deleting)
hooks.register("before_move_page", screens.before_moving)

# Wagtail has no setting for the form of its redirects, by which imported rows are checked as well.
redirect_views.RedirectForm = RedirectForm
redirect_views.CreateView.form_class = redirect_views.EditView.form_class = RedirectForm
AdminAutoHeightTextInput.value_from_datadict = lines.value_from_datadict
# Nor has wagtail-localize one for this.
ingest.StreamFieldSegmentsWriter = WriterPastGaps
buttons.take_their_place()


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
    panels += [UnfinishedPanel(), menu.WaitingPanel(), GapsPanel()]


@hooks.register("before_edit_page", order=-1)  # wagtail-localize's shows a screen of its own
def tell_of_source(request: HttpRequest, page: Page) -> None:
    """A page that is published and yet not to be seen."""
    if request.method == "GET" and page.live and is_retracted(page):
        messages.warning(request, _("Visitors do not see it: its original is not published."))


@hooks.register("after_publish_page")
def tell_where_it_is_not_shown(request: HttpRequest, page: Page) -> None:
    """Its address became another page's since the form asked, or it was copied or moved there."""
    try:
        refuse_taken(page.get_parent(), page.slug, page.translation_key)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))


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


@hooks.register("register_admin_urls", order=-1)  # before Wagtail's own views at these addresses
def tell_where_files_are_used() -> list[URLPattern]:
    return [
        path("images/<int:image_id>/delete/", usage.DeletePicture.as_view()),
        path("images/multiple/<int:image_id>/delete/", usage.TakeBackPicture.as_view()),
        path("documents/delete/<int:document_id>/", usage.DeleteDocument.as_view()),
        path("documents/multiple/<int:doc_id>/delete/", usage.TakeBackDocument.as_view()),
    ]


hooks.register("before_bulk_action", usage.keep_used_files)


@hooks.register("before_move_page", order=-1)  # the one that carries translations moves them
def refuse_address_of_move(request: HttpRequest, page: Page, parent: Page) -> HttpResponse | None:
    back = reverse("wagtailadmin_pages:move", args=[page.pk])
    return _refusal(request, [(parent, page.slug, page, page.translation_key)], back)


@hooks.register("before_copy_page")
def refuse_address_of_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """What else the form asks is Wagtail's to check."""
    chosen = request.POST.get("new_parent_page", "")
    parent = Page.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    copy = (parent or page.get_parent(), request.POST.get("new_slug", ""), page, None)
    return _refusal(request, [copy] if request.method == "POST" else [], request.get_full_path())


@hooks.register("before_bulk_action", order=-1)
def refuse_addresses_of_moves(
    request: HttpRequest, action: str, rows: Iterable[Page], view: BulkAction
) -> HttpResponse | None:
    if action != "move":
        return None
    parent = view.cleaned_form.cleaned_data["chooser"]
    moves = ((parent, page.slug, page, page.translation_key) for page in rows)
    return _refusal(request, moves, request.get_full_path())


def _refusal(
    request: HttpRequest, asked: Iterable[tuple[Page, str, Page, object]], back: str
) -> HttpResponse | None:
    """Back to the screen with the reason, if nothing may have such an address."""
    try:
        for parent, slug, page, key in asked:
            refuse_address(parent, slug, page, key)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    return None


@hooks.register("construct_page_chooser_queryset")
def offer_what_is_seen(pages: "QuerySet[Page]", request: HttpRequest) -> "QuerySet[Page]":
    return pages.filter(pk__in=seen_pages(request.user).order_by().values("pk"))


hooks.register("construct_page_chooser_queryset", search_in_language)


@hooks.register("construct_admin_api", order=1)  # after Wagtail's own, in their place
def list_what_is_seen(router: WagtailAPIRouter) -> None:
    router.register_endpoint("images", SeenPictures)
    router.register_endpoint("documents", SeenDocuments)


@hooks.register("register_admin_urls", order=-1)
def translate_without_touching_what_is_live() -> list[URLPattern]:
    """Before those of wagtail-localize, so that these answer."""
    return views.urls()


@hooks.register("before_edit_page", order=-1)
def answer_on_translation_screen(request: HttpRequest, page: Page) -> HttpResponse | None:
    return screen.answer(request, page)


hooks.register("register_admin_urls", menu.urls)
hooks.register("register_reports_menu_item", menu.item)
hooks.register("before_edit_snippet", screen.answer_for_snippet, order=-1)


@hooks.register("construct_page_action_menu")
def arrange_translation_acts(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    if context["view"] == "edit":
        desk.arrange(items, request, context["page"])


@hooks.register("before_bulk_action")
def publish_only_what_is_whole(
    request: HttpRequest, action: str, rows: Iterable[Page], view: BulkAction
) -> HttpResponse | None:
    if view.model is not Page or action != "publish":
        return None
    pages = list(rows)
    if view.cleaned_form.cleaned_data["include_descendants"]:
        pages += [draft for page in rows for draft in page.get_descendants().not_live()]
    refusal = guard.refusal_of_all(request.user, pages)
    return refuse(request, refusal) if refusal else None
