"""What stands around the pieces on a translation's screen: its buttons, and what is open."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PageActionMenu,
    RestartWorkflowMenuItem,
    SaveDraftMenuItem,
    UnpublishMenuItem,
)
from wagtail.models import Page, TranslatableMixin, WorkflowState
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.wagtail_hooks import ConvertToAliasPageActionMenuItem

from pages.translating import rights
from pages.translating.pieces import SAME, open_pieces, said_open, translation_of

BEHIND = (RestartWorkflowMenuItem, CancelWorkflowMenuItem)  # what goes on comes first
LEFT_TO_US = ("canPublish", "canUnpublish", "canLock", "canUnlock", "canDelete")


@dataclass(frozen=True)
class Desk:
    """Around the compiled editor of pieces, which gets its props without buttons of its own."""

    props: str
    menu: PageActionMenu | None  # a snippet's editor keeps its own buttons
    pieces: list[StringSegment]
    told: str  # how many pieces are open, and where
    sent_back: str  # what the reviewer wrote
    changes: str  # the address that shows what a reviewer is asked for
    previews: list[dict[str, str]]  # labels and addresses
    renewal: str = ""  # the address that takes the pieces anew, where the original has changed


class StopItem(ActionMenuItem):
    label = _("Stop synced translation")
    name = "action-stop"
    icon_name = "cross"


def desk_of(request: HttpRequest, page: TranslatableMixin, props: str) -> Desk:
    translation = translation_of(page)
    pieces = open_pieces(translation)
    told = said_open(translation, pieces) if pieces else ""
    given = _said_in_words(json.loads(props))
    if not isinstance(page, Page):
        return Desk(json.dumps(given), None, pieces, told, "", "", [])
    lock = page.get_lock()
    is_locked = bool(lock and lock.for_user(request.user))
    menu = PageActionMenu(request, view="edit", page=page, lock=lock, locked_for_user=is_locked)
    return Desk(
        json.dumps(_without_buttons(given, is_locked=is_locked)),
        menu,
        [] if is_locked else pieces,
        told,
        _sent_back(page),
        _changes(page),
        given["previewModes"],
        "" if is_locked or rights.to_write(request.user, page) else _renewal(page, translation),
    )


def _said_in_words(given: dict[str, Any]) -> dict[str, Any]:
    """A ticked piece was translated by a tool that has no name for readers."""
    for piece in given["initialStringTranslations"]:
        if piece["comment"]:
            piece["comment"] = piece["comment"].replace(SAME, f"“{_('Same in this language')}”")
    return given


def _without_buttons(given: dict[str, Any], *, is_locked: bool) -> dict[str, Any]:
    given["object"]["isLocked"] = is_locked
    given["perms"] = dict.fromkeys(LEFT_TO_US, False)
    given["links"]["convertToAliasUrl"] = None
    return given


def _sent_back(page: Page) -> str:
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return ""
    return str(state.current_task_state.specific.comment)


def _changes(page: Page) -> str:
    if not page.has_unpublished_changes or page.latest_revision_id is None:
        return ""
    since = "live" if page.live else "earliest"
    asked = [page.pk, since, page.latest_revision_id]
    return reverse("wagtailadmin_pages:revisions_compare", args=asked)


def _renewal(page: Page, translation: Translation) -> str:
    """For who may not open the original, which has a way there too."""
    original = translation.source.object.get_instance_or_none(translation.source.locale)
    changed = original.last_published_at if isinstance(original, Page) else None
    if changed is None or changed <= translation.source.last_updated_at:
        return ""
    address = reverse("wagtail_localize:update_translations", args=[translation.source_id])
    back = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return f"{address}?{urlencode({'next': back})}"


def arrange(items: list[ActionMenuItem], request: HttpRequest, page: Page) -> None:
    """The draft of a translation saves itself; what takes it away stands last, for who may."""
    converts = [item for item in items if isinstance(item, ConvertToAliasPageActionMenuItem)]
    if rights.to_publish(request.user, page):
        items[:] = [item for item in items if item not in converts]
    if translation_of(page) is None:
        return
    last = [item for kind in BEHIND for item in items if isinstance(item, kind)]
    last += [item for item in items if item in converts or isinstance(item, UnpublishMenuItem)]
    saves = [item for item in items if isinstance(item, SaveDraftMenuItem)]
    stop = [] if rights.to_write(request.user, page) else [StopItem()]
    items[:] = [*(item for item in items if item not in saves + last), *last, *stop]
