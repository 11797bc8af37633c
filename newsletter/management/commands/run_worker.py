import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from newsletter.worker import Worker


class Command(BaseCommand):
    help = "Do what must happen without a visitor: publish scheduled pages. Stops on SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do each step once and leave.")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        worker = Worker()
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, worker.stop)
        if not once:
            worker.run()
        elif not worker.run_once():
            raise CommandError("A step failed: the log above says which and why.")
