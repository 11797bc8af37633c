"""Each check of a mail finds what it is there for, and nothing in a sound mail."""

import pytest
from pytest_django.fixtures import Settings

from newsletter.personal import MANAGE_LINK, UNSUBSCRIBE_LINK
from newsletter.proofreading import checks
from tests import mail_layout
from tests.mail_colours import luminance

SOUND = f"""<!DOCTYPE html>
<html lang="en"><head><title>Issue</title>
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>@media (prefers-color-scheme: dark) {{ .ink, h1 {{ color: #eeeeee !important }}
 .paper {{ background-color: #111111 !important }} .paper a {{ color: #9cc9ff !important }} }}
</style></head>
<body><div lang="en"><div style="display:none">preheader</div>
<table role="presentation" width="600" border="0" cellpadding="0" cellspacing="0"
 style="max-width:600px"><tr>
<td class="paper ink" bgcolor="#ffffff" style="color:#111111;font-size:16px;line-height:1.5">
<h1>Issue</h1><h2 class="ink">Part</h2><p>Words</p>
<h3><a href="https://a.example/" style="color:#003674;font-size:20px;padding:12px 0">News</a></h3>
<img src="http://127.0.0.1:8000/media/images/a.jpg" width="100" height="50" alt="">
<a href="https://a.example/" style="color:#003674">the example</a>
<a href="{MANAGE_LINK}" style="color:#003674">your subscription</a>
<a href="{UNSUBSCRIBE_LINK}" style="color:#003674">leave the newsletter</a>
</td></tr></table></div></body></html>"""
TEXT = f"Words https://a.example/ {MANAGE_LINK} {UNSUBSCRIBE_LINK}"


@pytest.fixture(autouse=True)
def origin(settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"


def said(html: str, text: str = TEXT) -> str:
    """What keeps an editor from sending it."""
    return " ".join(map(str, checks.of_mail(html, text)))


def seen(html: str, text: str = TEXT) -> str:
    """What a developer must mend."""
    return " ".join([*mail_layout.faults(html), *mail_layout.faults_between(html, text)])


def test_a_sound_mail_passes() -> None:
    assert said(SOUND) == ""
    assert seen(SOUND) == ""


BY_AN_EDITOR = {
    "an empty heading": ("<p>Words</p>", "<h2></h2>", "empty"),
    "a pixel": ('width="100" height="50"', 'width="1" height="1"', "too small"),
    "another's picture": ("http://127.0.0.1:8000/media", "https://t.example/media", "elsewhere"),
    "a relative link": ('href="https://a.example/"', 'href="/news/"', "full web"),
    "a link without words": (">the example<", "><", "no words"),
    "a link that says nothing": (">the example<", ">Lees meer<", "does not say where"),
    "a script": ("<p>Words</p>", "<script>1</script>", "script"),
    "a form": ("<p>Words</p>", "<form></form>", "form"),
    "an act": ("<p>", '<p onclick="x()">', "script"),
    "a sheet": ("<title>", '<link rel="stylesheet" href="x"><title>', "link"),
    "a font": ("<style>", "<style>@import 'https://fonts.googleapis.com/x';", "load something"),
    "a background": ("font-size:16px", "background:url(x.png);font-size:16px", "load something"),
    "heavy": ("<p>Words</p>", "<p>Words</p>" + "<p>More</p>\n" * 8000, "cut off"),
    "a long address": ('https://a.example/"', f'https://a.example/{"x" * 900}"', "918 characters"),
    "an arrow for a link": (">the example<", ">→<", "does not say where"),
    "a mark of the head": ("<p>Words", "<p>Words {{date}}", "take it out"),
    "an escaped one": ("<p>Words", "<p>&lt;message@reader.invalid&gt;", "take it out"),
    "a second link to leave": ("<p>Words", f"<p>Words {UNSUBSCRIBE_LINK}", "take it out"),
}  # fmt: skip
BY_A_TEMPLATE = {
    "no language": ('<html lang="en">', "<html>", "language"),
    "another language inside": ('<div lang="en">', '<div lang="nl">', "language"),
    "no title": ("<title>Issue</title>", "<title> </title>", "no title"),
    "no h1": ("<h1>Issue</h1>", "", "one title"),
    "two h1": ("<h2 class", "<h1>Again</h1><h2 class", "one title"),
    "a level skipped": ("<p>Words</p>", "<h4>Words</h4>", "skips"),
    "a table that is one": ('role="presentation" ', "", "read aloud"),
    "a header cell": ("<p>Words</p>", "<th>Words</th>", "headings of a table"),
    "no alternative": (' alt=""', "", "no alternative"),
    "no size": (' width="100"', "", "no size"),
    "pale": ("color:#111111", "color:#bbbbbb", "hard to see on its background"),
    "pale in the dark": ("color: #eeeeee", "color: #333333", "on a dark background"),
    "small": ("font-size:16px", "font-size:12px", "too small"),
    "long style": ("<style>", "<style>" + ".x { color: #111111 }\n" * 500, "too long"),
    "a link like other words": ("color:#003674", "text-decoration:none", "underlined"),
    "a low target": ("padding:12px 0", "padding:2px 0", "too low for a finger"),
    "another low target": ("padding:12px 0", "padding:12px 0 1px", "too low for a finger"),
    "close lines": ("line-height:1.5", "line-height:20px", "too close"),
    "lines as the browser's": (";line-height:1.5", "", "too close"),
    "centred": ("<p>Words", '<p align="center">Words', "aligned to the left"),
    "justified": ("<p>Words", '<p style="text-align:justify">Words', "aligned to the left"),
    "as wide as the window": ("max-width:600px", "max-width:900px", "run over the width"),
    "a wide table": ('width="600"', 'width="640"', "wider than 600"),
    "silent of the dark": ('name="supported-', 'name="un', "shown in the dark"),
    "no preheader": (">preheader<", "> <", "list of mails"),
    "pale when turned round": ("color:#111111", "color:#0000ff", "turns the colours round"),
    "no way out": (UNSUBSCRIBE_LINK, "https://a.example/", "unsubscribe"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BY_AN_EDITOR)
def test_what_an_editor_can_spoil_is_found_before_it_is_sent(fault: str) -> None:
    before, after, expected = BY_AN_EDITOR[fault]
    assert before in SOUND
    assert expected in said(SOUND.replace(before, after))


@pytest.mark.parametrize("fault", BY_A_TEMPLATE)
def test_what_a_template_can_spoil_is_found_by_the_tests(fault: str) -> None:
    before, after, expected = BY_A_TEMPLATE[fault]
    assert before in SOUND
    assert expected in seen(SOUND.replace(before, after))


def test_the_text_part_has_the_same_links() -> None:
    assert "lacks a link: https://a.example/" in seen(SOUND, TEXT.replace("https://a.example/", ""))


def test_the_text_part_lets_readers_leave() -> None:
    assert "unsubscribe" in seen(SOUND, TEXT.replace(UNSUBSCRIBE_LINK, ""))


@pytest.mark.parametrize(
    ("colour", "expected"), [("#ffffff", 1.0), ("#000000", 0.0), ("red", None), ("", None)]
)
def test_a_colour_has_a_luminance(colour: str, expected: float | None) -> None:
    found = luminance(colour)
    assert found == (pytest.approx(expected) if expected is not None else None)
