"""Deleting and moving through the admin's own API."""

from typing import Any

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from wagtail import hooks
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.actions.move import MovePageAPIAction
from wagtail.models import Page

from pages.carrying import translations
from pages.carrying.screens import not_moved
from pages.carrying.translations import moved_along


class DeleteEverywhere(DeletePageAPIAction):
    """Asks what the screen asks."""

    @transaction.atomic
    def execute(self, instance: Page, data: dict[str, Any]) -> HttpResponse:
        request = self.request._request  # Django's own, which hooks know
        for hook in hooks.get_hooks("before_delete_page"):
            if hook(request, instance) is not None:
                raise PermissionDenied(" ".join(map(str, get_messages(request))))
        response = super().execute(instance, data)
        for hook in hooks.get_hooks("after_delete_page"):
            hook(request, instance)
        return response


class MoveEverywhere(MovePageAPIAction):
    @transaction.atomic
    def execute(self, instance: Page, data: dict[str, Any]) -> HttpResponse:
        target = self._action_from_data(instance, data).target
        is_parent = (data.get("position") or "").endswith("-child")
        moves = moved_along(instance, target if is_parent else target.get_parent())
        if refused := translations.not_movable(moves, self.request.user):
            raise PermissionDenied(not_moved(refused))
        response = super().execute(instance, data)
        translations.move(moves, self.request.user)
        return response
