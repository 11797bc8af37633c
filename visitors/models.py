"""What the ground floor keeps in the database."""

from visitors.cache.generation import Generation
from visitors.networks import HourlyCount
from visitors.notice.notices import ChoiceCount, CookieNotice

__all__ = ["ChoiceCount", "CookieNotice", "Generation", "HourlyCount"]
