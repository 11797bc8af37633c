"""Ask the site on this machine how it is: `python -m scripts.probe live` ends with 0 or 1."""

import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from django.conf import settings

from bbmri_be.environment import load_settings

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  looked up, not listened on


def answers(path: str) -> bool:
    """Whether the site answers 200 there. It is asked directly, under its public name."""
    host = settings.BIND.strip("[]")
    connection = HTTPConnection(EVERY_ADDRESS.get(host, host), settings.PORT, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": urlsplit(settings.SITE_URL).netloc})
        return connection.getresponse().status == 200  # noqa: PLR2004  HTTP's OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    load_settings()
    sys.exit(0 if answers(f"/health/{sys.argv[1]}") else 1)
