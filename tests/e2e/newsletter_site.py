"""A site whose mails arrive at a server of the tests' own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.site import RunningSite, running_site
from tests.mail_server import Mail, MailServer, mail_server

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
        """The link of that name in the newest mail."""
        mail = self.newest(address)
        found = [link for link in self.links_of(mail) if f"/newsletter/{name}/" in link]
        assert found, f"no {name} in {mail.text}"
        return found[0]

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
    with mail_server() as server, running_site(folder, EMAIL_URL=server.url, **more) as site:
        yield Post(site, server)
