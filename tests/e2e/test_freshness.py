"""What is published shows within two seconds in every one of several processes."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.e2e.site import RunningSite, running_site

pytestmark = pytest.mark.on_postgresql  # which is what several processes share
WITHIN = 2.0  # seconds
ASKED_AT_ONCE = 8  # so that each of the three processes answers some
ROUNDS = 4
LOOK_UP = (
    "from wagtail.models import Page\n"
    "from pages.models import Funding, SiteIdentity\n"
    "from wagtail.contrib.redirects.models import Redirect\n"
    "def of(slug):\n"
    "    return Page.objects.get(slug=slug, locale__language_code='en').specific\n"
    "page = of('goals')\n"
)
Answer = tuple[int, str]
Shows = Callable[[Answer], bool]


@pytest.fixture(scope="module")
def three_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("three")
    with running_site(folder, WEB_WORKERS="3", WEB_THREADS="2") as site:
        yield site


def read(address: str) -> Answer:
    """Status and page, without following a redirect."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    html = answer.read().decode()
    connection.close()
    return answer.status, html


def read_everywhere(site: RunningSite, path: str) -> list[Answer]:
    with ThreadPoolExecutor(ASKED_AT_ONCE) as askers:
        return list(askers.map(read, [f"{site.url}{path}"] * ASKED_AT_ONCE * ROUNDS))


def change(site: RunningSite, code: str) -> float:
    """Make it in a process of its own, which prints when it was done."""
    said = site.shell(LOOK_UP + code + "\nimport time; print(time.time())")
    return float(said.split()[-1])


def expect_everywhere(site: RunningSite, path: str, shows: Shows, done_at: float) -> None:
    time.sleep(max(0.0, done_at + WITHIN - time.time()))
    late = [status for status, html in read_everywhere(site, path) if not shows((status, html))]
    assert not late, f"{len(late)} of {ASKED_AT_ONCE * ROUNDS} answers of {path} were old: {late}"


def says(words: str) -> Shows:
    return lambda answer: answer[0] == 200 and words in answer[1]


def is_there(answer: Answer) -> bool:
    return answer[0] == 200


def is_gone(answer: Answer) -> bool:
    return answer[0] in {301, 404}


# Made by one process: that each by itself raises the generation is tested where it is counted.
AT_ONCE: dict[str, tuple[str, str, Shows]] = {
    "publish": (
        "page.summary = 'Told anew.'; page.save_revision().publish()",
        "/en/goals/",
        says("Told anew."),
    ),
    "translation": (
        "nl = page.get_translations().get(locale__language_code='nl').specific\n"
        "nl.summary = 'Opnieuw verteld.'; nl.save_revision().publish()",
        "/nl/goals/",
        says("Opnieuw verteld."),
    ),
    "setting": (
        "i = SiteIdentity.objects.get(locale__language_code='en')\n"
        "i.name = 'The node of today'; i.save()",
        "/en/people/",
        says("The node of today</title>"),
    ),
    "menu": (
        "i.footer_menu.append(('link', {'label': 'Elsewhere now', "
        "'url': 'https://bbmri-eric.example/'})); i.save()",
        "/en/networks/",
        says("Elsewhere now"),
    ),
    "snippet": (
        "f = Funding.objects.filter(locale__language_code='en').first()\n"
        "f.sentence = 'Paid by nobody in particular.'; f.save()",
        "/en/",
        says("Paid by nobody in particular."),
    ),
    "unpublish": ("of('the-law').unpublish()", "/en/the-law/", is_gone),
    "slug": (
        "page = of('history'); page.slug = 'past'; page.save_revision().publish()",
        "/en/past/",
        is_there,
    ),
    "move": ("of('faq').move(of('news'), 'last-child')", "/en/news/faq/", is_there),
}
GONE = ("/en/history/", "/en/faq/")  # from where the pages went


def test_changes_of_every_kind_show_in_every_process(three_processes: RunningSite) -> None:
    for _code, path, shows in AT_ONCE.values():
        assert not any(map(shows, read_everywhere(three_processes, path)))
    for path in GONE:
        assert all(map(is_there, read_everywhere(three_processes, path)))
    code = "\n".join(code for code, _path, _shows in AT_ONCE.values())
    done_at = change(three_processes, code)
    for _code, path, shows in AT_ONCE.values():
        expect_everywhere(three_processes, path, shows, done_at)
    for path in GONE:
        expect_everywhere(three_processes, path, is_gone, done_at)


def test_what_is_published_again_shows_in_every_process(three_processes: RunningSite) -> None:
    assert all(map(is_gone, read_everywhere(three_processes, "/en/the-law/")))
    done_at = change(three_processes, "of('the-law').save_revision().publish()")
    expect_everywhere(three_processes, "/en/the-law/", is_there, done_at)
