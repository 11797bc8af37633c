"""What the worker does for editors."""

from functools import partial

from django.core.management import call_command

from worker.steps import MINUTE, step

publish_scheduled_pages = step(partial(call_command, "publish_scheduled"), every=MINUTE)
