from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from members.directory import importing
from members.directory.changes import Plan
from members.directory.fetching import FetchError
from members.directory.importing import BusyError, TooMuchWithdrawnError
from members.directory.sources import Source

EXPECTED = (FetchError, TooMuchWithdrawnError, BusyError)
DEGRADED = 3  # the exit code where columns are gone; 1: nothing was imported


class Command(BaseCommand):
    help = "Bring the biobanks and collections up to date with the BBMRI-ERIC Directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        origin = parser.add_mutually_exclusive_group()
        origin.add_argument("--file", help="A kept answer of the Directory, as JSON.")
        origin.add_argument("--url", help="The GraphQL address, instead of DIRECTORY_URL.")
        parser.add_argument("--dry-run", action="store_true", help="Say the plan, change nothing.")
        parser.add_argument(
            "--force", action="store_true", help="Withdraw even more than half of what is listed."
        )
        parser.add_argument(
            "--if-due",
            action="store_true",
            help="Only what an editor asked for, or else last night's import, once.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["if_due"]:
            importing.do_what_is_due()
            return
        try:
            source = importing.source_of(options["file"], options["url"])
            made = self._made(source, options)
        except EXPECTED as error:
            raise CommandError(str(error)) from error
        self._say(made)
        if options["dry_run"] and made.withdraws_too_much:
            self.stdout.write("It withdraws more than half: only --force does that.")
        if made.left_out:
            gone = ", ".join(made.left_out)
            raise CommandError(f"Degraded: the Directory refused {gone}.", returncode=DEGRADED)

    def _made(self, source: Source, options: dict[str, Any]) -> Plan:
        if options["dry_run"]:
            return importing.planned(source)
        run = importing.begin(source, is_forced=options["force"])
        return importing.carry_out(run, source)

    def _say(self, made: Plan) -> None:
        for line in made.lines():
            self.stdout.write(line)
        for note in made.notes:
            self.stdout.write(f"note: {note}")
        self.stdout.write(f"{made.summary()}.")
