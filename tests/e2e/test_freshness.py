"""What is published shows within two seconds in every one of several processes."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.e2e.site import RunningSite, running_site

WITHIN = 2.0  # seconds
ASKED_AT_ONCE = 8  # so that each of the three processes answers some
ROUNDS = 4
LOOK_UP = (
    "from wagtail.models import Page\n"
    "from pages.models import Funding, SiteIdentity\n"
    "from wagtail.contrib.redirects.models import Redirect\n"
    "page = Page.objects.get(slug='{slug}', locale__language_code='en').specific\n"
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


def change(site: RunningSite, code: str, slug: str = "goals") -> float:
    """Make it in a process of its own, which prints when it was done."""
    said = site.shell(LOOK_UP.format(slug=slug) + code + "\nimport time; print(time.time())")
    return float(said.split()[-1])


def expect_everywhere(site: RunningSite, path: str, shows: Shows, done_at: float) -> None:
    time.sleep(max(0.0, done_at + WITHIN - time.time()))
    late = [status for status, html in read_everywhere(site, path) if not shows((status, html))]
    assert not late, f"{len(late)} of {ASKED_AT_ONCE * ROUNDS} answers of {path} were old: {late}"


def says(words: str) -> Shows:
    return lambda answer: answer[0] == 200 and words in answer[1]


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
        "/en/faq/",
        says("Elsewhere now"),
    ),
    "snippet": (
        "f = Funding.objects.filter(locale__language_code='en').first()\n"
        "f.sentence = 'Paid by nobody in particular.'; f.save()",
        "/en/",
        says("Paid by nobody in particular."),
    ),
}
# In this order: each begins where the one before it ended.
ONE_BY_ONE: dict[str, tuple[str, str, Shows]] = {
    "unpublish": ("page.unpublish()", "/en/goals/", is_gone),
    "publish again": (
        "page.save_revision().publish()",
        "/en/goals/",
        says("Told anew."),
    ),
    "slug": (
        "page.slug = 'aims'; page.save_revision().publish()",
        "/en/aims/",
        says("Told anew."),
    ),
}


def test_changes_of_every_kind_show_in_every_process(three_processes: RunningSite) -> None:
    for _code, path, shows in AT_ONCE.values():
        assert not any(map(shows, read_everywhere(three_processes, path)))
    code = "\n".join(code for code, _path, _shows in AT_ONCE.values())
    done_at = change(three_processes, code)
    for _code, path, shows in AT_ONCE.values():
        expect_everywhere(three_processes, path, shows, done_at)


@pytest.mark.parametrize("kind", ONE_BY_ONE)
def test_a_change_shows_in_every_process(three_processes: RunningSite, kind: str) -> None:
    code, path, shows = ONE_BY_ONE[kind]
    before = read_everywhere(three_processes, path)  # now every process keeps the old answer
    assert not any(map(shows, before))
    expect_everywhere(three_processes, path, shows, change(three_processes, code))


def test_a_moved_page_is_found_at_its_new_address_alone(three_processes: RunningSite) -> None:
    site = three_processes
    read_everywhere(site, "/en/faq/")
    code = "page.move(Page.objects.get(slug='news', locale__language_code='en'), 'last-child')"
    done_at = change(site, code, slug="faq")
    expect_everywhere(site, "/en/news/faq/", lambda answer: answer[0] == 200, done_at)
    assert all(map(is_gone, read_everywhere(site, "/en/faq/")))
