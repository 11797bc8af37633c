"""What somebody signed in does to pages: on a screen, to many at once, by the admin's API."""

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page


def admin(client: Client, screen: str, *pages: Page, **typed: object) -> str:
    """What is told after sending a screen's form."""
    address = reverse(f"wagtailadmin_pages:{screen}", args=[page.pk for page in pages])
    return client.post(address, typed, follow=True).text


def by_api(client: Client, action: str, page: Page, **data: object) -> str:
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, action])
    return client.post(address, data, content_type="application/json").text


def in_bulk(client: Client, action: str, *pages: Page, **typed: object) -> str:
    """What is told after agreeing to an act on many pages."""
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    query = "&".join(f"id={page.pk}" for page in pages)
    return client.post(f"{address}?{query}", typed, follow=True).text


def signed_in(client: Client, home: Page, *rights: str) -> Client:
    """A browser of somebody who has rights below one home alone."""
    group = Group.objects.create(name="One language")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in rights:
        permission = Permission.objects.get(
            content_type=ContentType.objects.get_for_model(Page), codename=f"{right}_page"
        )
        GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    person = User.objects.create_user("one-language")
    person.groups.add(group)
    client.force_login(person)
    return client
