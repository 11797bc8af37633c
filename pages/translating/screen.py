"""What is done on the screen of a page's translation: publish, submit, approve, send back, stop."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import StringSegment, Translation

from pages.guarding.reach import is_key
from pages.guarding.refusal import refuse
from pages.translating import approval, drafts, rights
from pages.translating.pieces import open_pieces, tick, translation_of, why_not_whole
from pages.translating.rights import Refusal

Act = Callable[[HttpRequest, Page, Translation], str]  # answers with what it did
LONGEST_COMMENT = 1000  # characters


def answer(request: HttpRequest, page: Page) -> HttpResponse | None:
    """To a button of the screen; None where the screen itself is asked for."""
    translation = translation_of(page)
    if request.method != "POST":
        return None
    if translation is None and "translation" in request.POST:
        messages.error(request, rights.GONE)
        return redirect(request.path)
    if translation is None:
        is_restart = "localize-restart-translation" in request.POST
        refusal = rights.to_write(request.user, page) if is_restart else ""
        return refuse(request, refusal) if refusal else None
    return _carry_out(request, page, translation)


def answer_for_snippet(request: HttpRequest, snippet: Model) -> HttpResponse | None:
    """It has no draft: its screen publishes, and like a page it changes only whole."""
    if request.method != "POST" or not isinstance(snippet, TranslatableMixin):
        return None
    translation = translation_of(snippet)
    if translation and "action-same" in request.POST:
        _try(request, lambda: _tick_piece(request, translation))
    elif open_still := request.POST.get("action") == "publish" and why_not_whole(snippet):
        messages.error(request, open_still)
    else:
        return None
    return redirect(request.path)


def _carry_out(request: HttpRequest, page: Page, translation: Translation) -> HttpResponse | None:
    name = next((name for name in ACTS if name in request.POST), None)
    if request.POST.get("action") == "publish":  # as the compiled screen calls it
        name = "action-publish"
    if name is None:
        return None if "localize-convert-to-alias" in request.POST else redirect(request.path)
    ask, act = ACTS[name]
    refusal = ask(request.user, page)
    if refusal:
        return refuse(request, refusal)
    _try(request, lambda: act(request, page, translation))
    return redirect(request.path)


def _try(request: HttpRequest, act: Callable[[], str]) -> None:
    try:
        with transaction.atomic():
            messages.success(request, act())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def _restart(request: HttpRequest, page: Page, _translation: Translation) -> str:
    page.current_workflow_state.cancel(user=request.user)
    return approval.submit(page, request.user)


def _cancel(request: HttpRequest, page: Page, _translation: Translation) -> str:
    page.current_workflow_state.cancel(user=request.user)
    return _("It is no longer submitted.")


def _review(request: HttpRequest, page: Page, _translation: Translation) -> str:
    name = request.POST["workflow-action-name"]
    return approval.review(page, request.user, name, **_comment(request))


def _comment(request: HttpRequest) -> dict[str, str]:
    try:
        given: Any = json.loads(request.POST.get("workflow-action-extra-data", "{}"))
        return {"comment": str(given["comment"])[:LONGEST_COMMENT]}
    except (ValueError, TypeError, KeyError):
        return {}


def _tick(request: HttpRequest, _page: Page, translation: Translation) -> str:
    told = _tick_piece(request, translation)
    drafts.make(translation, request.user)
    return told


def _tick_piece(request: HttpRequest, translation: Translation) -> str:
    pk = request.POST["action-same"]
    segments = StringSegment.objects.filter(source=translation.source)
    segment = get_object_or_404(segments, pk=pk if is_key(pk) else 0)
    if segment not in open_pieces(translation):
        raise ValidationError(_("It is not open any more: somebody translated it meanwhile."))
    tick(translation, segment, request.user)
    return _("It reads the same in this language.")


def _stop(_request: HttpRequest, _page: Page, translation: Translation) -> str:
    translation.enabled = False
    translation.save(update_fields=["enabled"])
    return _("Translation has been stopped.")


def _to_cancel(user: rights.User, page: Page) -> Refusal:
    state = page.current_workflow_state
    return "" if state and state.user_can_cancel(user) else rights.refused(page)


def _to_restart(user: rights.User, page: Page) -> Refusal:
    return _to_cancel(user, page) or approval.to_submit(user, page)


# By the name of the button: who may, and what happens.
ACTS: dict[str, tuple[Callable[[rights.User, Page], Refusal], Act]] = {
    "action-publish": (
        rights.to_publish,
        lambda asked, page, _: approval.publish(page, asked.user),
    ),
    "action-submit": (
        approval.to_submit,
        lambda asked, page, _: approval.submit(page, asked.user),
    ),
    "action-restart-workflow": (_to_restart, _restart),
    "action-workflow-action": (approval.to_review, _review),
    "action-cancel-workflow": (_to_cancel, _cancel),
    "action-same": (rights.to_write, _tick),
    "action-stop": (rights.to_write, _stop),
}
