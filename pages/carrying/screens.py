"""Deleting and moving in the admin, one page or many."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from pages.carrying import translations
from pages.carrying.translations import Move, deleted_along, moved_along, named


def before_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    along = deleted_along([page])
    if refused := translations.not_deletable(along, request.user):
        messages.error(request, not_deleted(refused))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    page.going_along = along
    if along and request.method == "GET":
        messages.warning(request, _("This will be deleted along with it: %s.") % _listed(along))
    return None


def after_deleting(request: HttpRequest, page: Page) -> None:
    translations.delete(page.going_along, request.user)


def before_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    moves = moved_along(page, destination)
    if refused := translations.not_movable(moves, request.user):
        messages.error(request, not_moved(refused))
        return redirect("wagtailadmin_pages:move", page.pk)
    if not moves:
        return None
    told = _listed(move.page for move in moves)
    if request.method == "GET":
        messages.warning(request, _("This will be moved along with it: %s.") % told)
        return None
    with transaction.atomic():
        translations.move([Move(page, destination), *moves], request.user)
    messages.success(request, _("Moved: %s.") % f"{named(page)}, {told}")
    return redirect("wagtailadmin_explore", destination.pk)


def before_bulk(
    request: HttpRequest, action: str, pages: list[Page], view: PageBulkAction
) -> HttpResponse | None:
    """What goes along is kept with the act until it is done."""
    refusal = ""
    view.going_along = []
    if action == "delete":
        view.going_along = deleted_along(pages)
        if refused := translations.not_deletable(view.going_along, request.user):
            refusal = not_deleted(refused)
    elif action == "move":
        view.going_along = _moves(pages, view.cleaned_form.cleaned_data["chooser"])
        if refused := translations.not_movable(view.going_along, request.user):
            refusal = not_moved(refused)
    if not refusal:
        return None
    messages.error(request, refusal)
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


def after_bulk(request: HttpRequest, action: str, view: PageBulkAction) -> None:
    if action == "delete":
        translations.delete(view.going_along, request.user)
    elif action == "move":
        translations.move(view.going_along, request.user)


def _moves(pages: list[Page], destination: Page) -> list[Move]:
    """Those of the translations that were not chosen themselves."""
    moves = (move for page in pages for move in moved_along(page, destination))
    return [move for move in moves if move.page not in pages]


def not_deleted(refused: Iterable[str]) -> str:
    told = _("Nothing was deleted: with it would go what you may not delete: %s.")
    return told % ", ".join(refused)


def not_moved(refused: Iterable[str]) -> str:
    return _("Nothing was moved, because of its translations. %s.") % "; ".join(refused)


def _listed(pages: Iterable[Page]) -> str:
    return ", ".join(map(named, pages))
