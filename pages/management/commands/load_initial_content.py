from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from pages import initial_content, initial_translations
from pages.releases import bring
from pages.releases.site import wait_for_others
from pages.search.indexing import only_when_published
from visitors.notice import first_notice


class Command(BaseCommand):
    help = "Fill an empty site with its first content; bring a site that runs what is new in it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with transaction.atomic():
            wait_for_others()
            made = _load_pages()
            first_notice.load()
            initial_content.follow_site_url()
            initial_content.rows_wanted.send(sender=self.__class__)
        languages = len(initial_translations.LANGUAGES) + 1
        told = [f"{made} pages made in {languages} languages."] if made else []
        if brought := bring.bring():
            told += brought.lines()
        self.stdout.write("\n".join(told) or "Nothing changed.")


def _load_pages() -> int:
    """In all languages. What each refers to is noted when all are there, not at each saving."""
    with only_when_published(), disable_reference_index_auto_update():
        made = initial_content.load()
        if made:
            sources = list(initial_translations.sources())
            for language in initial_translations.LANGUAGES:
                initial_translations.translate(language, sources)
            bring.record_loaded()
    if made:
        call_command("rebuild_references_index", verbosity=0)
    return made
