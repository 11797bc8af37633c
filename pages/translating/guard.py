"""Every address that writes to another language's page, and the rule before it.

An address of wagtail-localize that has no rule is refused: a new version's may write.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page, TranslatableMixin
from wagtail.snippets.views.snippets import get_snippet_model_from_url_params
from wagtail_localize.models import Translation, TranslationSource

from pages.guarding.reach import is_key, may_see_any
from pages.guarding.refusal import refuse
from pages.translating import rights
from pages.translating.pieces import why_not_whole
from pages.translating.rights import Refusal, User

Asked = dict[str, Any]  # what the address names
Rule = Callable[[User, Asked], Refusal]

LOCALIZE = "wagtail_localize"
UNKNOWN = _("This act has no rule yet: nobody may do it.")
UNTRANSLATED = _("Not as it is: its words are of another language. Translate it instead.")
NOT_SEEN = _("You may not see these.")


def target_of(asked: Asked) -> TranslatableMixin | None:
    translation = Translation.objects.filter(pk=asked["translation_id"]).first()
    if translation is None:
        return None
    target = translation.source.object.get_instance_or_none(translation.target_locale)
    return target.specific if isinstance(target, Page) else target


def _free(_user: User, _asked: Asked) -> Refusal:
    """It writes nothing, or asks by itself."""
    return ""


def _writes(user: User, asked: Asked) -> Refusal:
    target = target_of(asked)
    return rights.to_write(user, target) if target else rights.GONE


def _publishes(user: User, asked: Asked) -> Refusal:
    return rights.to_publish(user, get_object_or_404(Page, pk=asked["page_id"]).specific)


def _begins(user: User, asked: Asked) -> Refusal:
    page = get_object_or_404(Page, pk=asked["page_id"], depth__gt=1)
    return rights.to_begin_somewhere(user, page.specific)


def _model_of(asked: Asked) -> type[Model]:
    """Of a snippet, whose key must be one."""
    if not is_key(asked.get("pk", "0")):
        raise Http404
    model: type[Model] = get_snippet_model_from_url_params(asked["app_label"], asked["model_name"])
    return model


def _begins_snippet(user: User, asked: Asked) -> Refusal:
    model = _model_of(asked)
    return rights.to_begin_somewhere(user, get_object_or_404(model, pk=asked["pk"]))


def _brings_up_to_date(user: User, asked: Asked) -> Refusal:
    """In one language at least; the screen leaves out the others."""
    if not user.has_perm(rights.SUBMIT):
        return rights.NOT_STARTED
    source = get_object_or_404(TranslationSource, pk=asked["translation_source_id"])
    targets = [target for _translation, target in targets_of(source)]
    return rights.first_refusal([rights.to_write(user, target) for target in targets])


def _lists_snippets(user: User, asked: Asked) -> Refusal:
    return "" if may_see_any(_model_of(asked), user) else NOT_SEEN


def _converts(_user: User, asked: Asked) -> Refusal:
    """Wagtail would make an alias a page of its own, live at once in the other language's words."""
    alias = get_object_or_404(Page, pk=asked.get("page_id") or asked.get("pk"))
    return UNTRANSLATED if alias.alias_of and alias.alias_of.locale_id != alias.locale_id else ""


def _edits(_user: User, asked: Asked) -> Refusal:
    """Of a page that was deleted while somebody worked at it."""
    return "" if Page.objects.filter(pk=asked["page_id"]).exists() else rights.GONE


def _goes_live(user: User, asked: Asked) -> Refusal:
    """Who may is asked by Wagtail; a translation goes live only whole."""
    return why_not_whole(get_object_or_404(Page, pk=asked.get("page_id") or asked.get("pk")))


WAGTAILS: dict[str, Rule] = {
    "edit": _edits,
    "convert_alias": _converts,
    "approve": _goes_live,
    "publish": _goes_live,
}
RULES: dict[str, Rule] = {
    "javascript_catalog": _free,
    "translations_report": _free,
    "translations_report_results": _free,
    "download_pofile": _free,
    "preview_translation": _free,
    "submit_page_translation": _begins,
    "submit_snippet_translation": _begins_snippet,
    "update_translations": _brings_up_to_date,
    "edit_string_translation": _writes,
    "edit_override": _writes,
    "upload_pofile": _writes,
    "machine_translate": _writes,
    "stop_translation": _writes,
    "convert_to_alias": _publishes,
    "snippets_api_listing": _lists_snippets,
    "snippets_api_detail": _lists_snippets,
}


def targets_of(source: TranslationSource) -> list[tuple[Translation, TranslatableMixin]]:
    """Each translation that goes on, with the page or snippet that comes of it."""
    going_on = source.translations.filter(enabled=True).select_related("target_locale")
    found = [(one, source.object.get_instance_or_none(one.target_locale)) for one in going_on]
    return [
        (one, target.specific if isinstance(target, Page) else target)
        for one, target in found
        if target
    ]


class AskInEachLanguage(MiddlewareMixin):
    """Stands before the views: what a rule refuses is not done."""

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, asked: Asked
    ) -> HttpResponseBase | None:
        rule = _rule_of(request, asked)
        if rule is None or not isinstance(request.user, AbstractUser):
            return None
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return None
        refusal = rule(request.user, asked)
        if not refusal:
            return None
        status = HTTPStatus.NOT_FOUND if refusal is rights.GONE else HTTPStatus.FORBIDDEN
        answer: HttpResponseBase = require_admin_access(refuse)(request, refusal, status)
        return answer


def _rule_of(request: HttpRequest, asked: Asked) -> Rule | None:
    match = request.resolver_match
    if match is None:
        return None
    room, _dot, name = match.view_name.replace(":", ".").partition(".")  # ours stand for theirs
    if room == LOCALIZE:
        return RULES.get(name, lambda _user, _asked: UNKNOWN)
    if room in {"wagtailadmin_pages", "wagtailadmin_api"}:
        return WAGTAILS.get(asked.get("action_name") or name)
    return None


def refusal_of_all(user: User, pages: Iterable[Page]) -> Refusal:
    """Of publishing many pages at once: that of the first which stands in its way."""
    return next((why for page in pages if (why := _of_one(user, page.specific))), "")


def _of_one(user: User, page: Page) -> Refusal:
    why = why_not_whole(page)
    return f"“{page.title}”: {why}" if why else rights.to_publish(user, page)
