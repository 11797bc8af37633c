"""Links are judged by what a browser makes of them, whatever they look like."""

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

import pytest

from newsletter.templatetags.mail_tags import mail_prose
from pages.templatetags.site_tags import prose
from pages.tree.safe_links import safe_href, safe_html

SAFE = [
    "https://bbmri-eric.eu",
    "HTTPS://BBMRI-ERIC.EU/a?b=c#d",
    "http://[2001:db8::1]:8000/a",
    "https://example.org/?q=\\d+&r=(a:b)",
    "mailto:node@bbmri.example?subject=Samples%20please",
    "tel:+3222222222",
    "/en/goals/",
    "/documents/3/a file.pdf",
    "?page=2",
    "#how to ask",
    "contact/",
    "index.html",
]
HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java script:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "feed:javascript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    " //evil.example",
    "https:evil.example",
    "https://",
    "https://evil.example\r\nSet-Cookie: a=b",
    "https://evil.example/\u2028",
    "https://evil.example/\x00",
    "mailto:",
    "mailto:a@b.example\nBcc: c@d.example",
    "",
]
WRITTEN = (
    '<h3 data-block-key="a1b2c">Why &amp; <i>how</i></h3><p data-block-key="x-1_y">Tom&#x27;s '
    '<b>tube</b><br/>and <a href="https://example.org/?a=1&amp;b=2">a link</a>, <a>a hidden '
    'page</a> <a href="mailto:a@b.example">mail</a> &lt;script&gt; &nbsp; “é” > 3</p><hr/>'
    '<ul><li data-block-key="q">one<sup>2</sup></li></ul><ol><li>two</li></ol><p></p>'
)


class Opened(HTMLParser):
    """The tags that a browser would open, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("address", SAFE)
def test_a_safe_address_is_kept_as_it_is(address: str) -> None:
    assert safe_href(address) == address
    html = f'<p>See <a href="{escape(address)}">there</a>.</p>'
    assert safe_html(html) == html


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("draw", [prose, mail_prose])
def test_a_hostile_address_loses_its_link_and_keeps_its_words(
    address: str, draw: Callable[[str], str]
) -> None:
    assert safe_href(address) == ""
    for written in (escape(address), address.replace('"', "&quot;")):
        drawn = draw(f'<p>See <a href="{written}">there</a>.</p>')
        assert drawn == "<p>See <a>there</a>.</p>"


def test_no_address_at_all_is_no_link() -> None:
    assert safe_href(None) == ""


@pytest.mark.parametrize("name", ["colon", "Tab", "NewLine", "#x3a", "#58", "#0000058"])
def test_a_browsers_names_of_characters_are_seen_through(name: str) -> None:
    for address in (f"javascript&{name};alert(1)", f"java&{name};script:alert(1)"):
        assert safe_html(f'<a href="{address}">there</a>') == "<a>there</a>"


def test_what_the_editor_writes_is_kept_to_the_letter() -> None:
    assert safe_html(WRITTEN) == WRITTEN


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>words",
        '<p onclick="alert(1)">words</p>',
        '<img src="x" onerror="alert(1)">words',
        '<a href="https://a.example" onmouseover="alert(1)">words</a>',
        "<a href=javascript:alert(1)>words</a>",
        "<a href='javascript:alert(1)'>words</a>",
        "<A HREF='javascript:alert(1)'>words</A>",
        "<a/href='javascript:alert(1)'>words</a>",
        '<a href="https://a.example" href="javascript:alert(1)">words</a>',
        '<a title="a>b" href="javascript:alert(1)">words</a>',
        '<svg><a xlink:href="javascript:alert(1)">words</a></svg>',
        '<form action="javascript:alert(1)"><button>words</button></form>',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>words',
        "<scr<b>ipt>alert(1)</scr</b>ipt>words",
        "<<b>script>alert(1)<</b>/script>words",
        "<!-- <p> --><img src=x onerror=alert(1)>words",
        '<p title="><script>alert(1)</script>">words</p>',
        "words<a href='x",
        'words<img src="x',
        '<base href="//evil.example/">words',
        '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">words',
        '<p style="background:url(javascript:alert(1))">words</p>',
    ],
)
def test_tags_that_the_editor_does_not_write_are_left_out(html: str) -> None:
    opened = Opened(safe_html(html))
    assert "words" in opened.words
    for tag, attrs in opened.tags:
        assert tag in {"a", "b", "p"}
        assert set(attrs) <= {"href"}
        assert not (attrs.get("href") or "").startswith("javascript")
