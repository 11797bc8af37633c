"""A site whose mails arrive at a server of the tests' own."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.site import ONE_PROCESS, RunningSite, running_site
from tests.mail_server import Mail, MailServer, mail_server

PATIENCE = 30  # seconds until a mail must have come
ROWS = (
    "from django.apps import apps\n"
    "from django.core import serializers\n"
    "models = apps.get_app_config('newsletter').get_models()\n"
    "print(serializers.serialize('json', [row for model in models for row in model.objects.all()]))"
)


@dataclass(frozen=True)
class Post:
    """What a subscriber finds in their mailbox, once the worker has done its round."""

    site: RunningSite
    server: MailServer

    def deliver(self) -> None:
        self.site.manage("run_worker", "--once")

    def newest(self, address: str) -> Mail:
        self.deliver()
        return self.server.to(address)[-1]

    def link(self, address: str, name: str) -> str:
        """The link of that name in a mail to the address, once a worker that runs has sent it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            links = {link for mail in self.server.to(address) for link in self.links_of(mail)}
            if found := [link for link in links if f"/newsletter/{name}/" in link]:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"No mail to {address} has a link to {name}.")

    def links_of(self, mail: Mail) -> list[str]:
        pattern = rf"{re.escape(self.site.url)}[^\s<>\"')]*"
        unsubscribe = str(mail.message.get("List-Unsubscribe", ""))
        found = re.findall(pattern, f"{mail.text} {mail.html} {unsubscribe}".replace("&amp;", "&"))
        return sorted(set(found))

    def rows(self) -> str:
        """All that the newsletter keeps."""
        return self.site.shell(ROWS)


@contextmanager
def posting_site(folder: Path, **more: str) -> Iterator[Post]:
    """`more`: of the environment."""
    with mail_server() as server:
        told = {"EMAIL_URL": server.url, **ONE_PROCESS, **more}
        with running_site(folder, **told) as site:
            yield Post(site, server)
