"""What the worker does for editors."""

from django.core.management import call_command

from pages.translating import standing_in
from worker.steps import MINUTE, step


def _publish_scheduled() -> None:
    call_command("publish_scheduled")


publish_scheduled_pages = step(_publish_scheduled, every=MINUTE)
show_untranslated_pages = step(standing_in.fill, every=60 * MINUTE)
