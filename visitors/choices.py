"""What a visitor chose, from two small cookies. Whatever can't be read counts as no choice."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Self

from django.http import HttpRequest

TEXTS = ("100", "125", "150", "200")  # per cent
THEMES = ("auto", "light", "dark", "hc", "hcl")
DISPLAY_COOKIE = "bbmri_ui"
DISPLAY_LASTS = timedelta(days=365)
CHOICE_COOKIE = "bbmri_consent"
CHOICE_LASTS = timedelta(days=180)  # for yes and no alike

_DISPLAY = re.compile(rf"t({'|'.join(TEXTS)})\.({'|'.join(THEMES)})", re.ASCII)
_CHOICE = re.compile(r"([1-9][0-9]{0,2})\.a([01])", re.ASCII)


@dataclass(frozen=True)
class Display:
    """Text size and theme."""

    text: str = "100"
    theme: str = "auto"

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        found = _DISPLAY.fullmatch(request.COOKIES.get(DISPLAY_COOKIE, ""))
        return cls(*found.groups()) if found else cls()

    @property
    def is_default(self) -> bool:
        return self == type(self)()

    def __str__(self) -> str:
        return f"t{self.text}.{self.theme}"


@dataclass(frozen=True)
class CookieChoice:
    """The answer to a version of the cookie notice; `analytics` is None while undecided."""

    version: int = 0
    analytics: bool | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        found = _CHOICE.fullmatch(request.COOKIES.get(CHOICE_COOKIE, ""))
        return cls(int(found[1]), found[2] == "1") if found else cls()

    def under(self, version: int) -> "CookieChoice":
        """This answer as it counts under a notice: one given to another version is none."""
        return self if self.version == version else type(self)()

    def __str__(self) -> str:
        return f"{self.version}.a{int(bool(self.analytics))}"


@dataclass(frozen=True)
class Variant:
    """Everything by which one address may look different to two visitors without a session."""

    display: Display
    choice: CookieChoice

    @cached_property
    def key(self) -> str:
        """Short, and the same for all who chose the same: at most sixty for a page."""
        answer = {None: "u", True: "y", False: "n"}[self.choice.analytics]
        return f"{self.display}.{answer}"
