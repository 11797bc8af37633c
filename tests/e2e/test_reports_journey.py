"""One leaves, one complains, one bounces, one is refused for our fault: each to its own end."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import bounce_mails
from tests.bounce_mails import about
from tests.e2e.conftest import Visitor
from tests.e2e.issues import prepare, send, signed_in
from tests.e2e.newsletter_site import Post, posting_site
from tests.e2e.site import RunningSite
from tests.imap_server import PASSWORD as SECRET
from tests.imap_server import USER, ImapServer, imap_server
from tests.ready_made import PASSWORD

pytestmark = pytest.mark.each_engine
LEAVES, COMPLAINS, BOUNCES, REFUSED, READS = (
    f"{name}@example.org" for name in ("ada", "bo", "cy", "di", "eve")
)
FULL = "452 4.2.2 The email account that you tried to reach is over quota"
DMARC = "550 5.7.26 This mail is unauthenticated, which poses a security risk"
CAST = f"""
from django.contrib.auth.models import Group, User
from pages.models import NodePage
from tests import builders
sender = User.objects.create_user("sender", "sender@example.org", "{PASSWORD}")
sender.groups.set(Group.objects.filter(name__in=["Moderators", "Newsletter managers"]))
for address in {[LEAVES, COMPLAINS, BOUNCES, REFUSED, READS]}:
    builders.subscriber(address)
node = NodePage.objects.get(locale__language_code="en")
print(*(builders.issue(node, title).pk for title in ("Autumn", "Winter")))
"""
# What is to be tried again in a minute is due.
LATER = """
from django.utils import timezone
from newsletter.models import Delivery
Delivery.objects.filter(state="retry").update(not_before=timezone.now())
"""


@pytest.fixture(scope="module")
def mailbox() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory, mailbox: ImapServer) -> Iterator[Post]:
    account = f"{quote(USER, '')}:{quote(SECRET, '')}"
    told = {
        "BOUNCE_MAILBOX": f"imap://{account}@127.0.0.1:{mailbox.port}/INBOX",
        "BOUNCE_ADDRESS": USER,
        "BOUNCE_DELIMITER": "+",
        "NEWSLETTER_RATE": "1000000",
    }
    with posting_site(tmp_path_factory.mktemp("reports"), **told) as post:
        yield post


@pytest.fixture(scope="module")
def site(post: Post) -> RunningSite:
    return post.site


def test_each_reader_of_two_issues_comes_to_their_own_end(
    visitor: Visitor, post: Post, mailbox: ImapServer
) -> None:
    autumn, winter = post.site.shell(CAST).split()
    page = signed_in(visitor, "sender")
    post.server.faults.refused = {BOUNCES: FULL, REFUSED: DMARC}
    go_out(page, post, autumn, readers=5)
    expect(row(page, "Accepted")).to_contain_text("3")
    expect(row(page, "Tried again later")).to_contain_text(once(FULL))
    expect(row(page, "Rejected")).to_contain_text(once(DMARC))

    post.server.faults.refused = {}
    page.get_by_label(DMARC).check()
    page.get_by_role("button", name="Send to these again").click()
    expect(page.get_by_text("1 mail is sent again.")).to_be_visible()
    leave(visitor(), post)
    mailbox.put(come_back(post, bounce_mails.ABUSE, COMPLAINS))
    post.site.shell(LATER)
    post.deliver()
    page.reload()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    expect(row(page, "Accepted")).to_contain_text("5")
    expect(row(page, "Accepted")).to_contain_text(once("reported as spam"))
    expect(page.get_by_text("2 recipients have left the newsletter since.")).to_be_visible()

    mailbox.put(come_back(post, bounce_mails.OF_THE_MOMENT["full"], BOUNCES))
    post.deliver()
    page.reload()
    expect(row(page, "Accepted")).to_contain_text(once("not delivered: full, away or busy"))
    go_out(page, post, winter, readers=3)
    mailbox.put(come_back(post, bounce_mails.POSTFIX, BOUNCES))
    post.deliver()
    page.reload()
    expect(row(page, "Accepted")).to_contain_text(once("the address does not exist"))
    mails = {address: len(post.server.to(address)) for address in (LEAVES, COMPLAINS, REFUSED)}
    assert mails == {LEAVES: 2, COMPLAINS: 1, REFUSED: 2}  # who leaves gets a goodbye
    assert mailbox.count("UNANSWERED") == 0
    ends(page)


def go_out(page: Page, post: Post, issue: str, readers: int) -> None:
    page.goto(f"/admin/newsletter/issue/{issue}/")
    prepare(page)
    expect(page.get_by_text(f"It goes to {readers} people.")).to_be_visible()
    send(page)
    post.deliver()
    page.reload()


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row", name=re.compile(f"^{name} "))


def once(said: str) -> re.Pattern[str]:
    """As a reason that counts for one mail."""
    return re.compile(rf"1 \S {re.escape(said)}")


def leave(page: Page, post: Post) -> None:
    """By the address of the header, opened as a mail program does that knows no one-click."""
    [mail] = post.server.to(LEAVES)
    page.goto(re.findall(r"<(https?://[^>]+)>", mail.message["List-Unsubscribe"])[0])
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()


def come_back(post: Post, report: str, address: str) -> bytes:
    """A report on the newest mail to an address, as its number in the envelope names it."""
    sender = post.server.to(address)[-1].sender
    return about(report, address, sender.partition("+")[2].partition("@")[0])


def ends(page: Page) -> None:
    """What the lists say of each, and for whom the address stays closed."""
    page.goto("/admin/newsletter/subscribers/")
    expect(page.get_by_text("Confirmed: 2 · Left: 3")).to_be_visible()
    for address in (READS, REFUSED):
        expect(row(page, address)).to_contain_text("confirmed")
    for address in (LEAVES, COMPLAINS, BOUNCES):
        expect(row(page, address)).to_contain_text("left")
    page.goto("/admin/newsletter/suppressions/")
    expect(page.get_by_role("row")).to_have_count(3)
    for reason in ("the address does not exist", "reported our mail as spam"):
        expect(page.get_by_role("row", name=re.compile(reason))).to_have_count(1)
