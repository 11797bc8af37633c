"""The first cookie notice, from a file, into a site that has none."""

import tomllib

from django.conf import settings

from visitors.notice.notices import CookieNotice, current_notice

FILE = settings.BASE_DIR / "initial_content" / "_cookie_notice.toml"


def load() -> bool:
    """Publish version 1 where nothing is published. Returns whether it did."""
    if CookieNotice.objects.exists():
        return False
    CookieNotice.publish(_notices(), material=True)
    return True


def release() -> dict[str, str]:
    """The words of the file, by language."""
    return {language: CookieNotice(**said).words for language, said in _notices().items()}


def now() -> dict[str, str]:
    """The words that hold."""
    return {language: notice.words for language, notice in current_notice().texts.items()}


def _notices() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
