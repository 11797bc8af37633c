"""What the ground floor keeps in the database."""

from django.db import models

from visitors.notice.notices import ChoiceCount, CookieNotice

__all__ = ["ChoiceCount", "CookieNotice", "Generation"]


class Generation(models.Model):
    """One row: the number of the state that visitors see. It rises with every change of it."""

    seen_by_visitors = False

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
