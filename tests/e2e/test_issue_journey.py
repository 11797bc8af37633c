"""An issue from the first word to the report, in a real browser and over real SMTP."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.crew import Crew
from tests.e2e.issues import approve, prepare, preview, send, signed_in, write, write_news
from tests.e2e.newsletter_site import Post, posting_site
from tests.e2e.site import RunningSite
from tests.e2e.translating import begin, bring, press, translate_pieces
from tests.ready_made import PASSWORD

pytestmark = pytest.mark.on_postgresql
READERS = {"en": 120, "nl": 80, "fr": 2, "de": 1}
LANGUAGES = {"en": "English", "nl": "Dutch", "fr": "French", "de": "German"}
RATE = 90  # a minute: all of the Dutch at once, not all of the English
WAIT = 60_000  # milliseconds, until the page shows by itself how far it is
CAST = f"""
from django.contrib.auth.models import Group, User
from newsletter.models import Subscription, Topic
from pages.models import NewsIndexPage, NodePage
from tests import builders
from tests.integration import four_languages
for name, groups in {{
    "writer": ["Editors"], "approver": ["Moderators"], "sender": ["Editors", "Newsletter managers"]
}}.items():
    user = User.objects.create_user(name, email=f"{{name}}@example.org", password="{PASSWORD}")
    user.groups.set(Group.objects.filter(name__in=groups))
topic = Topic.objects.get(slug="newsletter")
for language, count in {READERS}.items():
    for number in range(count):
        address = f"reader{{number}}@{{language}}.example.org"
        someone = builders.subscriber(address, language=language)
        Subscription.objects.get_or_create(subscriber=someone, topic=topic)
for language in ("nl", "fr", "de"):
    four_languages.translator(language)
node = NodePage.objects.get(locale__language_code="en")
print(builders.index_of(node, NewsIndexPage).pk, builders.archive(node).pk)
"""
PICTURED = """
from pages.models import NodePage
from tests import builders
picture = {"image": builders.large_picture().pk, "alt_text": "A cold place", "decorative": False}
body = [{"type": "picture", "value": {"image": picture, "caption": ""}}]
node = NodePage.objects.get(locale__language_code="en")
print(builders.issue(node, "With a picture", body=body).pk)
"""
# What is sent goes on quickly.
FAST = "from newsletter.models import Mailing; Mailing.objects.update(rate_per_minute=10**6)"


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with posting_site(tmp_path_factory.mktemp("issue"), NEWSLETTER_RATE=str(RATE)) as post:
        yield post


@pytest.fixture(scope="module")
def lists(post: Post) -> list[str]:
    """The keys of news and archive in English; with them come those who work and those who read."""
    return post.site.shell(CAST).split()


@pytest.fixture(scope="module")
def site(post: Post) -> RunningSite:
    return post.site


@pytest.fixture
def worker(post: Post, tmp_path: Path) -> Iterator[None]:
    hired = Crew(post.site.environment, tmp_path / "worker.log")
    hired.hire()
    yield
    hired.go_home()


def issues_to(post: Post, language: str, title: str = "Freezers") -> list[str]:
    sent = [mail for mail in post.server.mails if mail.message["List-Id"]]
    mails = [mail for mail in sent if mail.message["Subject"].startswith(title)]
    return [mail.recipient for mail in mails if f"@{language}." in mail.recipient]


def in_english(visitor: Visitor, lists: list[str], titles: list[str], *languages: str) -> str:
    """News and issue, written and approved; to be translated. Answers where the issue is."""
    writer, approver = signed_in(visitor, "writer"), signed_in(visitor, "approver")
    news = write_news(writer, lists[0], titles[0])
    approve(approver, news, titles[0])
    issue = write(writer, lists[1], titles[1], titles[0])
    assert titles[0] in preview(writer, issue, "Mail")
    assert "Two freezers" in preview(writer, issue, "Mail, text only")
    approve(approver, issue, titles[1])
    for page in (news, issue):
        begin(writer, page, *languages)
    return issue


@pytest.mark.audit
def test_news_and_an_issue_are_brought_into_the_other_languages(
    visitor: Visitor, lists: list[str]
) -> None:
    titles = ["A biobank was opened", "Openings"]
    in_english(visitor, lists, titles, "French", "German")
    approver = signed_in(visitor, "approver")
    for language in ("fr", "de"):
        bring(signed_in(visitor, f"translator-{language}"), approver, titles, language)
        reader = visitor()
        reader.goto(f"/{language}/news/a-biobank-was-opened/")
        expect(reader.get_by_role("heading", name=f"{titles[0]} ({language})")).to_be_visible()


def test_an_issue_is_written_approved_tried_sent_paused_translated_and_left(
    visitor: Visitor, post: Post, lists: list[str], worker: None
) -> None:
    titles = ["A freezer was moved", "Freezers"]
    edit = in_english(visitor, lists, titles, "Dutch")
    answer = visitor().goto("/en/newsletter/issues/freezers/")
    assert answer
    assert answer.status == 404

    page = signed_in(visitor, "sender")
    page.goto(edit)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="All languages").click()
    prepare(page)
    expect(page.get_by_text("It goes to 120 people.")).to_be_visible()
    page.get_by_role("button", name="Send the test").click()
    expect(page.get_by_text("The test is sent.")).to_be_visible()
    tests = [mail for mail in post.server.mails if "[TEST]" in mail.message["Subject"]]
    assert [mail.recipient for mail in tests] == ["sender@example.org"]

    page.route(
        "**/progress/", lambda route: route.fulfill(status=503), times=1
    )  # once, and goes on
    send(page)
    page.get_by_role("button", name="Pause").focus()  # which holds up no number
    expect(page.get_by_text(f"{RATE} of 120 settled")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused: nothing more goes out.")).to_be_visible()
    translator, approver = (signed_in(visitor, name) for name in ("translator-nl", "approver"))
    _news, dutch = bring(translator, approver, titles, "nl", sent_back=True)
    assert len(issues_to(post, "en")) == RATE
    post.site.shell(FAST)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Pause").focus()
    expect(page.get_by_role("heading", name="Finished")).to_be_focused(timeout=WAIT)
    expect(page.get_by_role("status").filter(has_text="Finished")).to_have_count(1)
    expect(page.get_by_role("row", name=re.compile("Accepted"))).to_contain_text("120")
    assert len(set(issues_to(post, "en"))) == len(issues_to(post, "en")) == READERS["en"]
    reader = visitor()
    reader.goto("/en/newsletter/issues/freezers/")
    expect(reader.get_by_text("Two freezers went to Ghent.")).to_be_visible()
    reader.goto("/nl/news/a-freezer-was-moved/")
    expect(reader.get_by_role("heading", name="A freezer was moved (nl)")).to_be_visible()

    page.goto(dutch)
    press(page, "All languages")
    prepare(page)
    expect(page.get_by_text("It goes to 80 people.")).to_be_visible()
    send(page)
    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=WAIT)
    assert sorted(set(issues_to(post, "nl"))) == sorted(issues_to(post, "nl"))
    assert len(issues_to(post, "nl")) == READERS["nl"]

    one_click(post, visitor(), "reader7@nl.example.org")
    page.reload()
    expect(page.get_by_text("1 recipient has left the newsletter since.")).to_be_visible()


class Clicks:
    """Counts what is pressed beside the writing; to open a screen is a click, too."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *pressed: Locator) -> None:
        for one in pressed:
            one.click()
            self.count += 1


@pytest.mark.audit
def test_an_issue_in_four_languages_goes_out_in_25_clicks_beside_the_writing(
    visitor: Visitor, post: Post, lists: list[str], worker: None
) -> None:
    title, click = "Winter", Clicks()
    writer, approver, sender = (
        signed_in(visitor, name) for name in ("writer", "approver", "sender")
    )
    write(writer, lists[1], title)
    click.count += 2  # to hand it in

    approver.reload()
    click(under_way(approver).get_by_role("link", name=title, exact=True))
    read(approver, click, "English")
    click(column(approver, "English").get_by_role("button", name="Approve"))
    click(approver.get_by_role("button", name="Begin all translations (3)"))
    others = {code: language for code, language in LANGUAGES.items() if code != "en"}
    for code, language in others.items():
        translator = signed_in(visitor, f"translator-{code}")
        click(under_way(translator).get_by_role("link", name=title, exact=True))
        click(column(translator, language).get_by_role("link", name="Translate"))
        translate_pieces(translator, code)
        click(translator.get_by_role("button", name="Submit to Moderators approval"))
        expect(translator.get_by_text("has been submitted for moderation")).to_be_visible()
    approver.reload()
    click.count += 1
    for language in others.values():
        read(approver, click, language)
    click(approver.get_by_role("button", name="Approve all that wait (3)"))

    sender.reload()
    click(under_way(sender).get_by_role("link", name=title, exact=True))
    topic = sender.get_by_role("checkbox", name=re.compile("^Newsletter "))
    if not topic.is_checked():  # as it is where a mailing went before
        click(topic)
    click(sender.get_by_role("button", name="Prepare: English, Dutch, French, German"))
    post.site.shell(FAST)
    click(sender.get_by_role("link", name="Send all …"))
    expect(sender.get_by_text(re.compile("Together it goes to 20[23] people"))).to_be_visible()
    click(sender.get_by_role("button", name="Send all"))
    assert click.count <= 25
    desk = sender.url
    for code, language in LANGUAGES.items():
        column(sender, language).get_by_role("link", name="Mailing").click()
        expect(sender.get_by_role("heading", name="Finished")).to_be_visible(timeout=WAIT)
        mine = issues_to(post, code, title)
        assert READERS[code] - 1 <= len(mine) == len(set(mine)), "one may have left"
        sender.goto(desk)


def under_way(page: Page) -> Locator:
    """On the first screen."""
    return page.get_by_role("region", name="Newsletter issues not sent yet")


def column(page: Page, language: str) -> Locator:
    return page.get_by_role("region", name=language, exact=True)


def read(page: Page, click: Clicks, language: str) -> None:
    """What would be sent, before it is approved."""
    with page.expect_popup() as opened:
        click(column(page, language).get_by_role("link", name="See the mail"))
    expect(opened.value.get_by_text("Two freezers went to Ghent").first).to_be_visible()
    opened.value.close()


def test_a_mail_fits_a_phone_with_and_without_pictures(
    visitor: Visitor, post: Post, lists: list[str]
) -> None:
    key = post.site.shell(PICTURED).strip()
    page = signed_in(visitor, "writer")
    page.set_viewport_size({"width": 320, "height": 640})
    for mode in ("mail", "dark"):
        page.goto(f"/admin/pages/{key}/view_draft/?mode={mode}")
        expect(page.get_by_role("img", name="A cold place")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def one_click(post: Post, page: Page, address: str) -> None:
    """What a mail program does when its reader presses “unsubscribe” (RFC 8058 section 3.2)."""
    mail = next(each for each in post.server.to(address) if each.message["List-Id"])
    link = re.findall(r"<(https?://[^>]+)>", mail.message["List-Unsubscribe"])[0]
    answer = page.request.post(link, form={"List-Unsubscribe": "One-Click"}, max_redirects=0)
    assert answer.status == 200
    assert "set-cookie" not in answer.headers
