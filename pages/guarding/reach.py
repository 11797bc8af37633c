"""What somebody may see in the admin: what is published, or what they may work on; nothing else."""

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model, QuerySet
from wagtail.documents import get_document_model
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images import get_image_model
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.permissions import permission_policy as picture_policy
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages.tree.published import published

FILE_POLICIES = {get_image_model(): picture_policy, get_document_model(): document_policy}
User = AbstractUser | AnonymousUser
ANY = ("add", "change", "delete", "view")
LONGEST_KEY = 9  # digits: no more than any database holds


def is_key(said: str) -> bool:
    """Whether what a form or an address says may be a row's."""
    return said.isascii() and said.isdigit() and len(said) <= LONGEST_KEY


def seen_pages(user: User) -> "QuerySet[Page]":
    explorable = PagePermissionPolicy().explorable_instances(user)
    if user.is_superuser:
        return explorable
    return Page.objects.filter(pk__in=published(Page).values("pk")) | Page.objects.filter(
        pk__in=explorable.order_by().values("pk")
    )


def seen_rows(model: type[Model], user: User) -> "QuerySet[Any]":
    """Of a model that a screen lists: pages, files, snippets, accounts."""
    if issubclass(model, Page):
        return seen_pages(user)
    if model in FILE_POLICIES:
        acts = ["choose", "change", "delete"]
        return FILE_POLICIES[model].instances_user_has_any_permission_for(user, acts)
    return ModelPermissionPolicy(model).instances_user_has_any_permission_for(user, ANY)


def may_see_any(model: type[Model], user: User) -> bool:
    """Whether somebody works with the rows of a model."""
    return bool(ModelPermissionPolicy(model).user_has_any_permission(user, ANY))


class SeenPictures(ImagesAdminAPIViewSet):
    def get_queryset(self) -> "QuerySet[Model]":
        seen = seen_rows(self.model, self.request.user).values("pk")
        return super().get_queryset().filter(pk__in=seen)


class SeenDocuments(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> "QuerySet[Model]":
        seen = seen_rows(self.model, self.request.user).values("pk")
        return super().get_queryset().filter(pk__in=seen)
