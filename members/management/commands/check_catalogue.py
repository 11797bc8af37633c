from typing import Any

from django.core.management.base import BaseCommand

from members.formats.dcat import biobank_things, catalogue_page
from members.formats.health import missing


class Command(BaseCommand):
    help = "Say what HealthDCAT-AP asks of each collection and /catalogue.jsonld can't tell yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = catalogue_page()
        if page is None:
            self.stdout.write("There is no catalogue: no page of biobanks is published.")
            return
        lacking = list(missing(biobank_things(page)))
        for name, absent, all_of_them in lacking:
            self.stdout.write(f"{name}: missing of {absent} of {all_of_them} collections")
        if not lacking:
            self.stdout.write("Nothing is missing.")
