from django.core.management.base import BaseCommand

from worker import sending_mark


class Command(BaseCommand):
    help = "Let this database send mail for SITE_URL, after it was restored or moved."

    def handle(self, *args: object, **options: object) -> None:
        reason = sending_mark.why_nothing_is_sent()
        sending_mark.release()
        self.stdout.write(
            f"Released. It was stopped: {reason}" if reason else "Nothing stopped it."
        )
