"""Which site this database last sent mail for, and how far it had come."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SendingMark(models.Model):
    """One row. The same is written to a file outside the database: see newsletter.clones."""

    class Stop(models.TextChoices):
        """Why nothing is sent."""

        OTHER_MACHINE = (
            "machine",
            _("The database and the mark of this machine do not belong together."),
        )
        OTHER_ADDRESS = "address", _("The database last sent mail for another address of the site.")
        RESTORED = "restored", _("The database is older than what was sent: it is a restored copy.")

    ONLY = 1

    installation = models.UUIDField(default=uuid.uuid4)
    site_url = models.CharField(max_length=300)
    steps = models.BigIntegerField(default=0)  # of sending: it only ever grows
    stopped = models.CharField(max_length=8, choices=Stop, blank=True)  # as the worker last found

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_sending_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.site_url}: {self.steps}"
