from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from pages import initial_content, initial_translations
from visitors.notice import first_notice


class Command(BaseCommand):
    help = "Fill an empty site with its first content. A site that has a home is left as it is."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with transaction.atomic():
            made = initial_content.load()
            if made:
                for language in initial_translations.LANGUAGES:
                    initial_translations.translate(language)
        first_notice.load()
        initial_content.follow_site_url()
        initial_content.rows_wanted.send(sender=self.__class__)
        languages = len(initial_translations.LANGUAGES) + 1
        told = f"{made} pages made in {languages} languages." if made else "Nothing changed."
        self.stdout.write(told)
