"""Who works at the desk."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

MANAGERS = "Newsletter managers"
MAY = {
    "subscriber": ("view", "change", "delete", "export"),
    "signup": ("view", "add"),
    "consenttext": ("view", "add"),
    "topic": ("view", "add", "change", "delete"),
    "suppression": ("view", "add", "change"),
    "delivery": ("view", "add"),
    "mailing": ("view", "add", "send"),
}


def ensure_group(**about: object) -> None:
    """Make the managers' group where there is none. What it may do then belongs to the operator.

    Also a receiver of a signal.
    """
    group, is_new = Group.objects.get_or_create(name=MANAGERS)
    if is_new:
        group.permissions.set(_permissions())


def _permissions() -> list[Permission]:
    codenames = [f"{act}_{model}" for model, acts in MAY.items() for act in acts]
    enter = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    ours = Q(content_type__app_label="newsletter", codename__in=codenames)
    return list(Permission.objects.filter(enter | ours))
