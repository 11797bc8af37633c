"""The first cookie notice, from a file, into a site that has none."""

import tomllib

from django.conf import settings

from visitors.notice.notices import CookieNotice

FILE = settings.BASE_DIR / "initial_content" / "_cookie_notice.toml"


def load() -> bool:
    """Publish version 1 where nothing is published. Returns whether it did."""
    if CookieNotice.objects.exists():
        return False
    notices = tomllib.loads(FILE.read_text(encoding="utf-8"))
    CookieNotice.publish(notices, material=True)
    return True
