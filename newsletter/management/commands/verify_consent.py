from django.core.management.base import BaseCommand, CommandError

from newsletter.ledger.verification import verify


class Command(BaseCommand):
    help = "Recompute every hash of the consent ledger and how every subscriber stands by it."

    def handle(self, *_args: object, **_options: object) -> None:
        report = verify()
        for fault in report.faults:
            self.stdout.write(fault)
        read = f"{report.events} events of {report.people} people"
        if report.faults:
            raise CommandError(f"{len(report.faults)} things do not fit in {read}.")
        self.stdout.write(f"Everything fits: {read}.")
