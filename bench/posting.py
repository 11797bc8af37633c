"""Fills in the sign-up form over connections that stay open, and looks at the clock."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
    "Accept": "text/html",
}
NUMBERS = count()


@dataclass
class Poster:
    """One visitor who signs up again and again."""

    url: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(str(urlsplit(self.url).netloc), timeout=60)

    def sign_up(self, address: str = "") -> float:
        """Seconds until the answer is there."""
        address = address or f"visitor{next(NUMBERS)}@example.org"
        body = urlencode({"email": address, "consent": "on", "topics": "newsletter"})
        began = time.perf_counter()
        try:
            self.connection.request("POST", "/en/newsletter/", body, HEADERS)
            answer = self.connection.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError) as error:
            self.wrong.append(repr(error))
            self.connection.close()
        else:
            if answer.status != http.client.SEE_OTHER:
                self.wrong.append(str(answer.status))
        return time.perf_counter() - began


def crowd(url: str, size: int, seconds: float) -> tuple[int, list[str]]:
    """So many at once for so long: how often they signed up, and what went wrong."""
    posters, done = [Poster(url) for _one in range(size)], [0] * size
    until = time.monotonic() + seconds

    def post(number: int) -> None:
        while time.monotonic() < until:
            posters[number].sign_up()
            done[number] += 1

    threads = [threading.Thread(target=post, args=(number,)) for number in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done), [said for poster in posters for said in poster.wrong]
