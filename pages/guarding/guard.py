"""The rule that stands before each of Wagtail's screens that asks too little by itself.

Wagtail has no door of its own for them: they are core addresses, which no app's come before.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.deprecation import MiddlewareMixin
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page

from pages.editing.one_language import open_in_language
from pages.guarding import values
from pages.guarding.reach import is_key, may_see_any, seen_pages, seen_rows

Asked = dict[str, Any]  # what the address names
Rule = Callable[[HttpRequest, Asked], HttpResponse | None]
CHOOSERS = "wagtailsnippetchoosers_"  # and what is chosen: its app and model


def _keys(given: Iterable[object]) -> list[int]:
    return [int(key) for key in filter(is_key, map(str, given))]


def _browses(request: HttpRequest, asked: Asked) -> None:
    get_object_or_404(seen_pages(request.user), pk=asked["parent_page_id"])


def _chose_many(request: HttpRequest, _asked: Asked) -> None:
    _narrow(request, seen_pages(request.user), request.GET.getlist("id"))


def _moves(request: HttpRequest, asked: Asked) -> None:
    page = get_object_or_404(Page, pk=asked["page_to_move_id"])
    destination = get_object_or_404(seen_pages(request.user), pk=asked["destination_id"])
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


def _chooses_rows(request: HttpRequest, _asked: Asked) -> None:
    """No page chooses one of these: only who works with them has anything to choose."""
    room = request.resolver_match.view_name.partition(":")[0]  # type: ignore[union-attr]  # a view was found
    app, _underscore, model = room.removeprefix(CHOOSERS).rpartition("_")
    if not may_see_any(apps.get_model(app, model), request.user):
        raise PermissionDenied


def _acts_on_many(request: HttpRequest, asked: Asked) -> None:
    """On those that the person sees, as if there were no others."""
    at = asked["app_label"], asked["model_name"]
    action = bulk_action_registry.get_bulk_action_class(*at, asked["action"])
    if action is None:
        raise Http404
    model = apps.get_model(*at)
    wanted: Iterable[object] = request.GET.getlist("id")
    if "all" in wanted:
        below = next(iter(_keys([request.GET.get("childOf")])), None)
        try:
            wanted = action(request, model).get_all_objects_in_listing_query(below)
        except ObjectDoesNotExist as error:
            raise Http404 from error
    if not _narrow(request, seen_rows(model, request.user), wanted):
        raise Http404


def _narrow(request: HttpRequest, seen: Any, wanted: Iterable[object]) -> list[int]:  # noqa: ANN401  of any model
    found = list(seen.filter(pk__in=_keys(wanted)).values_list("pk", flat=True))
    query = request.GET.copy()
    query.setlist("id", list(map(str, found)))
    request.GET = query  # type: ignore[assignment]  # a QueryDict is what is there, only frozen
    return found


RULES: dict[str, Rule] = {
    "wagtailadmin_choose_page": open_in_language,
    "wagtailadmin_choose_page_child": _browses,
    "wagtailadmin_choose_page_chosen_multiple": _chose_many,
    "wagtailadmin_pages:move_confirm": _moves,
    "wagtail_bulk_action": _acts_on_many,
}
# Of wagtail-localize, by what only this address names: it may stand under another name.
PIECES: dict[str, Rule] = {
    "overridable_segment_id": values.refused_override,
    "string_segment_id": values.refused_string,
}


class AskBeforeScreens(MiddlewareMixin):
    """Stands before the views, as themselves they ask for no more than an account."""

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, asked: Asked
    ) -> HttpResponseBase | None:
        rule = rule_of(request, asked)
        return require_admin_access(rule)(request, asked) if rule else None


def rule_of(request: HttpRequest, asked: Asked) -> Rule | None:
    for name, rule in PIECES.items():
        if name in asked:
            return rule
    if "translation_id" in asked and request.path_info.endswith("/pofile/upload/"):
        return values.refused_upload
    name = request.resolver_match.view_name if request.resolver_match else ""
    return _chooses_rows if name.startswith(CHOOSERS) else RULES.get(name)
