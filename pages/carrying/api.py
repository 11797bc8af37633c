"""Deleting, moving and copying through the admin's own API."""

from typing import Any

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from wagtail import hooks
from wagtail.admin.api.actions.copy import CopyPageAPIAction
from wagtail.admin.api.actions.create_alias import CreatePageAliasAPIAction
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.actions.move import MovePageAPIAction
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page

from pages.carrying import translations
from pages.carrying.screens import not_moved
from pages.carrying.translations import moved_along
from pages.tree.addresses import refuse_address


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


def _refuse_taken(parent: Page, slug: str, page: Page, key: object) -> None:
    """Refuses as the screens do."""
    try:
        refuse_address(parent, slug, page, key)
    except ValidationError as error:
        raise BadRequestError(" ".join(error.messages)) from error


class CopyToFreeAddress(CopyPageAPIAction):
    def execute(self, instance: Page, data: dict[str, Any]) -> HttpResponse:
        action = self._action_from_data(instance, data)
        _refuse_taken(action.to, action.update_attrs.get("slug", instance.slug), instance, None)
        return super().execute(instance, data)


class AliasAtFreeAddress(CreatePageAliasAPIAction):
    def execute(self, instance: Page, data: dict[str, Any]) -> HttpResponse:
        action = self._action_from_data(instance, data)
        parent, slug = action.parent or instance.get_parent(), action.update_slug or instance.slug
        _refuse_taken(parent, slug, instance, None)
        return super().execute(instance, data)


class MoveEverywhere(MovePageAPIAction):
    @transaction.atomic
    def execute(self, instance: Page, data: dict[str, Any]) -> HttpResponse:
        target = self._action_from_data(instance, data).target
        is_parent = (data.get("position") or "").endswith("-child")
        parent = target if is_parent else target.get_parent()
        _refuse_taken(parent, instance.slug, instance, instance.translation_key)
        moves = moved_along(instance, parent)
        if refused := translations.not_movable(moves, self.request.user):
            raise PermissionDenied(not_moved(refused))
        response = super().execute(instance, data)
        translations.move(moves, self.request.user)
        return response
