"""`make run` in a fresh copy: up with one command, up again soon, down when told or broken."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import ready_made
from tests.parts import PROJECT, free_port
from tests.settings import SITE_ENVIRONMENT

pytestmark = pytest.mark.on_sqlite  # what `make run` makes itself
PATIENCE = 240  # seconds: a first run with the machine's other half busy
NOT_PASSED_ON = {*SITE_ENVIRONMENT, "DJANGO_SETTINGS_MODULE"}  # what belongs to these tests alone
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")


class MakeRun:
    """One `make run` in a folder, its output in a file."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.log = folder / "output.txt"
        ours = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        self.environment = ours | environment
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env=self.environment,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while "Ctrl-C stops it" not in self.output or "Mail  " not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.2)

    def tell(self, ending: signal.Signals) -> None:
        """As a terminal does on Ctrl-C: every process of the group is told."""
        os.killpg(self.process.pid, ending)
        self.process.wait(timeout=60)

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a clone has it, but for the environment, which is this one's."""
    folder = tmp_path_factory.mktemp("clone") / "site"
    shutil.copytree(PROJECT, folder, ignore=NOT_COPIED)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A free port, and on PostgreSQL an empty database; else what `make run` makes itself."""
    chosen = {"PORT": str(free_port())}
    with ready_made.database(tmp_path_factory.mktemp("database")) as url:
        yield chosen if url.startswith("sqlite") else chosen | {"DATABASE_URL": url}


@pytest.fixture(scope="module")
def first_output(copy: Path, environment: dict[str, str]) -> str:
    """What the very first run said, until Ctrl-C ended it."""
    site = MakeRun(copy, **environment)
    try:
        site.wait_until_up()
        site.tell(signal.SIGINT)
        assert port_is_freed(site)
    finally:
        site.end()
    return site.output


@pytest.fixture(scope="module")
def site(copy: Path, environment: dict[str, str], first_output: str) -> Iterator[MakeRun]:
    """A later run, up, for the tests that only look at it."""
    with running(copy, environment) as site:
        yield site


@pytest.fixture
def own_site(copy: Path, environment: dict[str, str], first_output: str) -> Iterator[MakeRun]:
    """Another run, for the test that ends it."""
    with running(copy, environment | {"PORT": str(free_port())}) as site:
        yield site


@contextmanager
def running(copy: Path, environment: dict[str, str]) -> Iterator[MakeRun]:
    site = MakeRun(copy, **environment)
    try:
        site.wait_until_up()
        yield site
    finally:
        site.end()


def answer_to(site: MakeRun, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "br"} | headers)
    return connection.getresponse()


def port_is_freed(site: MakeRun) -> bool:
    """Within some seconds: gunicorn's workers find out by themselves that their master is gone."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", site.port)) != 0:
                return True
        time.sleep(0.2)
    return False


def process_of(site: MakeRun, command: str) -> int:
    """The oldest process of a run whose command line has these words."""
    table = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,pgid=,args="],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    rows = (line.split(maxsplit=2) for line in table.splitlines())
    return min(
        int(pid) for pid, group, args in rows if int(group) == site.process.pid and command in args
    )


def test_a_first_run_says_where_the_site_is_and_who_may_edit_it(
    first_output: str, environment: dict[str, str]
) -> None:
    address = f"http://127.0.0.1:{environment['PORT']}/"
    assert re.search(rf"Site +{address}\n", first_output)
    assert re.search(rf"Editing +{address}admin/\n", first_output)
    assert re.search(r"Login +admin / \S{16} \(shown this once\)\n", first_output)
    assert re.search(r"Mail +files in /.*/var/mail\n", first_output)


@pytest.mark.audit
def test_a_newcomer_gets_a_mail_from_a_run_on_another_port(
    copy: Path, environment: dict[str, str], first_output: str
) -> None:
    mark, mails = copy / "var" / "sending.json", copy / "var" / "mail"
    with running(copy, environment):
        wait_for(mark.exists)
    with running(copy, environment | {"PORT": str(free_port())}) as later:
        assert sign_up(later) == HTTPStatus.SEE_OTHER
        wait_for(lambda: any("ada@example.org" in mail.read_text() for mail in mails.glob("*")))


def sign_up(site: MakeRun) -> int:
    """The status of the answer to who fills in the form of the newsletter."""
    page = answer_to(site, "/en/newsletter/", **{"Accept-Encoding": "identity"}).read().decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', page))
    typed = urlencode(hidden | {"email": "ada@example.org", "consent": "on"})
    connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
    about = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", "/en/newsletter/", typed, about)
    return connection.getresponse().status


def wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_later_run_serves_the_site_and_shows_no_password(site: MakeRun) -> None:
    assert "shown this once" not in site.output
    to_home = answer_to(site, "/")
    assert (to_home.status, to_home.headers["Location"]) == (302, "/en/")
    home = answer_to(site, "/en/", **{"Accept-Encoding": "identity"})
    assert home.status == 200
    style = re.search(r'href="(/static/[^"]+\.css)"', home.read().decode())
    assert style
    served = answer_to(site, style[1])
    assert served.headers["Content-Encoding"] == "br"
    assert "immutable" in served.headers["Cache-Control"]


def test_long_headers_reach_the_site_and_long_addresses_do_not(site: MakeRun) -> None:
    many = ",".join(["nl-BE;q=0.1"] * 1000)
    assert answer_to(site, "/health/live", **{"Accept-Language": many}).status == 200
    assert answer_to(site, f"/en/search/?q={'a' * 8000}").status == 414


def test_a_port_in_use_is_said_in_one_sentence(site: MakeRun, copy: Path) -> None:
    second = subprocess.run(
        ["make", "run"],
        cwd=copy,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode != 0
    assert f"Port {site.port} of 127.0.0.1 cannot be had" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("command", "name"),
    [pytest.param("run_worker", "worker", marks=pytest.mark.audit), ("gunicorn", "site")],
)
def test_when_one_process_dies_the_other_stops_and_the_run_fails(
    own_site: MakeRun, command: str, name: str
) -> None:
    os.kill(process_of(own_site, command), signal.SIGKILL)
    assert own_site.process.wait(timeout=60) != 0
    assert f"The {name} ended by itself with exit code -9, so all is stopped." in own_site.output
    assert port_is_freed(own_site)


def test_both_processes_stop_when_told(first_output: str, site: MakeRun) -> None:
    """The last test: it ends the run that the others look at."""
    assert "Stopped." in first_output
    site.tell(signal.SIGTERM)
    assert "Stopped." in site.output
    assert port_is_freed(site)
