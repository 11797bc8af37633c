from typing import Any

from django.core.management.base import BaseCommand

from pages import initial_content


class Command(BaseCommand):
    help = "Fill an empty site with its first content. A site that has a home is left as it is."

    def handle(self, *_args: Any, **_options: Any) -> None:
        made = initial_content.load()
        initial_content.follow_site_url()
        self.stdout.write(
            f"{made} pages made." if made else "The site has its content: nothing changed."
        )
