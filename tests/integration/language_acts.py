"""What somebody does to another language's page: on a screen, to many at once, by the API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import Translation

from newsletter.models import NewsletterIssuePage
from pages.models import NewsPage, StandardPage
from tests.integration import four_languages as stage

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

LINK = "https://a.example/"


@dataclass
class Stage:
    cast: dict[str, User]
    news: NewsPage  # live in both languages, with new words that wait in Dutch
    dutch: NewsPage
    waiting: StandardPage  # in English; in Dutch an alias of it
    stopped: StandardPage  # in Dutch, live, and not translated any more
    issue: NewsletterIssuePage
    translation: Translation  # of the news

    def refresh(self) -> None:
        for row in (self.news, self.dutch, self.waiting, self.stopped, self.issue):
            row.refresh_from_db()
        self.translation.refresh_from_db()

    def alias(self) -> Page:
        return Page.objects.get(alias_of=self.waiting)


Act = Callable[[Client, Stage], "Answer"]


def _segment(site: Stage) -> int:
    return int(site.translation.source.stringsegment_set.order_by("order").first().pk)


def submit(page_of: Callable[[Stage], Page]) -> Act:
    def act(client: Client, site: Stage) -> "Answer":
        address = reverse("wagtail_localize:submit_page_translation", args=[page_of(site).pk])
        return client.post(address, {"locales": [stage.dutch().pk]})

    return act


def sync(client: Client, site: Stage) -> "Answer":
    source = site.translation.source
    site.news.summary = "It was moved again."
    site.news.save_revision().publish()
    return client.post(reverse("wagtail_localize:update_translations", args=[source.pk]))


def sync_and_publish(client: Client, site: Stage) -> "Answer":
    source = site.translation.source
    address = reverse("wagtail_localize:update_translations", args=[source.pk])
    return client.post(address, {"publish_translations": "on"})


def convert_to_alias(client: Client, site: Stage) -> "Answer":
    return client.post(reverse("wagtail_localize:convert_to_alias", args=[site.dutch.pk]))


def convert_alias(client: Client, site: Stage) -> "Answer":
    return client.post(reverse("wagtailadmin_pages:convert_alias", args=[site.alias().pk]))


def convert_alias_by_api(client: Client, site: Stage) -> "Answer":
    return client.post(f"/admin/api/main/pages/{site.alias().pk}/action/convert_alias/")


def string(client: Client, site: Stage) -> "Answer":
    asked = [site.translation.pk, _segment(site)]
    address = reverse("wagtail_localize:edit_string_translation", args=asked)
    return client.put(address, "value=Woord", content_type="application/x-www-form-urlencoded")


def drop_string(client: Client, site: Stage) -> "Answer":
    asked = [site.translation.pk, _segment(site)]
    return client.delete(reverse("wagtail_localize:edit_string_translation", args=asked))


def override(client: Client, site: Stage) -> "Answer":
    pieces = site.translation.source.overridablesegment_set.all()
    piece = next(one for one in pieces if one.data == LINK)
    address = reverse("wagtail_localize:edit_override", args=[site.translation.pk, piece.pk])
    value = "value=https://b.example/"
    return client.put(address, value, content_type="application/x-www-form-urlencoded")


def upload(client: Client, site: Stage) -> "Answer":
    po = site.translation.export_po()
    for entry in po:
        entry.msgstr = "Uit een bestand"
    file = SimpleUploadedFile("nl.po", str(po).encode())
    address = reverse("wagtail_localize:upload_pofile", args=[site.translation.pk])
    return client.post(address, {"file": file, "next": "/admin/pages/"})


def stop(client: Client, site: Stage) -> "Answer":
    address = reverse("wagtail_localize:stop_translation", args=[site.translation.pk])
    return client.post(address, {"next": "/admin/pages/"})


def press(button: str) -> Act:
    def act(client: Client, site: Stage) -> "Answer":
        address = reverse("wagtailadmin_pages:edit", args=[site.dutch.pk])
        return client.post(address, {button: "publish" if button == "action" else "yes"})

    return act


def by_machine(client: Client, site: Stage) -> "Answer":
    address = reverse("wagtail_localize:machine_translate", args=[site.translation.pk])
    return client.post(address, {"next": "/admin/pages/"})


def restart(client: Client, site: Stage) -> "Answer":
    address = reverse("wagtailadmin_pages:edit", args=[site.stopped.pk])
    return client.post(address, {"localize-restart-translation": "yes"})


def bulk(action: str, page_of: Callable[[Stage], Page]) -> Act:
    def act(client: Client, site: Stage) -> "Answer":
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        typed = {"chooser": site.alias().pk} if action == "move" else {}
        return client.post(f"{address}?id={page_of(site).pk}", typed)

    return act


def api(action: str, page_of: Callable[[Stage], Page]) -> Act:
    def act(client: Client, site: Stage) -> "Answer":
        page = page_of(site)
        data = {
            "locale": "nl",
            "destination_page_id": site.alias().pk,
            "position": "last-child",
            "revision_id": page.latest_revision_id,
            "recursive": False,
            "slug": "elsewhere",
            "update_slug": "elsewhere",
        }
        address = reverse("wagtailadmin_api:pages:action", args=[page.pk, action])
        return client.post(address, data, content_type="application/json")

    return act


def dutch(site: Stage) -> Page:
    return site.dutch


def stopped(site: Stage) -> Page:
    return site.stopped


def issue(site: Stage) -> Page:
    return site.issue


def waiting(site: Stage) -> Page:
    return site.waiting


PUBLISHER = {"publisher"}
WRITERS = {"writer", "publisher", "translator"}
ACTS: dict[str, tuple[Act, set[str], set[str]]] = {
    # name: the act, who may do it, for whom it changes what is live
    "translate": (submit(issue), WRITERS, set()),
    "translate what is live in its original's words": (submit(waiting), WRITERS, set()),
    "sync and publish": (sync_and_publish, WRITERS, PUBLISHER),
    "convert to alias": (convert_to_alias, PUBLISHER, PUBLISHER),
    "convert alias": (convert_alias, set(), set()),
    "convert alias by api": (convert_alias_by_api, set(), set()),
    "string": (string, WRITERS, set()),
    "drop string": (drop_string, WRITERS, set()),
    "upload": (upload, WRITERS, set()),
    "override": (override, WRITERS, set()),
    "translate by machine": (by_machine, set(), set()),  # there is none
    "stop": (stop, WRITERS, set()),
    "stop by its button": (press("action-stop"), WRITERS, set()),
    "restart": (restart, WRITERS, set()),
    "publish": (press("action-publish"), PUBLISHER, PUBLISHER),
    "publish as the compiled screen does": (press("action"), PUBLISHER, PUBLISHER),
    "submit": (press("action-submit"), WRITERS, set()),
    "publish many": (bulk("publish", dutch), PUBLISHER, PUBLISHER),
    "unpublish many": (bulk("unpublish", dutch), PUBLISHER, PUBLISHER),
    "delete many": (bulk("delete", dutch), PUBLISHER, PUBLISHER),
    "move many": (bulk("move", stopped), PUBLISHER, PUBLISHER),
    "publish by api": (api("publish", dutch), PUBLISHER, PUBLISHER),
    "unpublish by api": (api("unpublish", dutch), PUBLISHER, PUBLISHER),
    "delete by api": (api("delete", dutch), PUBLISHER, PUBLISHER),
    "move by api": (api("move", stopped), PUBLISHER, PUBLISHER),
    "copy by api": (api("copy", stopped), PUBLISHER, PUBLISHER),
    "copy for translation by api": (api("copy_for_translation", issue), set(), set()),
    "alias by api": (api("create_alias", stopped), PUBLISHER, PUBLISHER),
    "revert by api": (api("revert_to_page_revision", stopped), WRITERS, set()),
}
