"""What the worker does for editors."""

from django.core.management import call_command

from worker.steps import MINUTE, step


def _publish_scheduled() -> None:
    call_command("publish_scheduled")


publish_scheduled_pages = step(_publish_scheduled, every=MINUTE)
