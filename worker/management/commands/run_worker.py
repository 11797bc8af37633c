import signal
from argparse import ArgumentParser
from contextlib import suppress

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from worker.loop import Worker


class Command(BaseCommand):
    help = "Do what must happen without a visitor: decide sign-ups, send mail, publish pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do all that is due and leave: for cron."
        )

    def handle(self, *args: object, once: bool, **options: object) -> None:
        with suppress(OperationalError):  # a database that is away is waited for
            self.check(tags=[Tags.database], databases=["default"])
        worker = Worker()
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, worker.stop)
        if not once:
            worker.run()
        elif not worker.run_once():
            raise CommandError("A step failed: the log above says which and why.")
