"""Rich text is kept without signs that nobody sees and without empty paragraphs."""

import json

import pytest

from pages.editing.rich_text import TidyRichText, tidy
from pages.printable import printable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>a\x0bb</p>", "<p>a b</p>"),
        ("<p>\uf0b7\xa0Point</p>", "<p>Point</p>"),
        ("<p>bio\u200bbank\u00ad\ufeff</p>", "<p>biobank</p>"),
        ('<p data-block-key="a1"></p><p>b</p>', "<p>b</p>"),
        ("<p>a</p><p>&nbsp;</p><p>\xa0</p><p> <br/></p><p>b</p>", "<p>a</p><p>b</p>"),
        ("<h3></h3><ul><li>a</li><li>\u200b</li></ul>", "<ul><li>a</li></ul>"),
        ("<p>a<br/>b</p>", "<p>a<br/>b</p>"),
        ("<p><b>a</b></p>", "<p><b>a</b></p>"),
        ('<p><a href="/x">a</a></p><p></p>', '<p><a href="/x">a</a></p>'),
        ("<p>1 &lt; 2 &amp; Ünï 日本 👩\u200d🔬</p>", "<p>1 &lt; 2 &amp; Ünï 日本 👩\u200d🔬</p>"),
        ("<p></p>", ""),
        ("", ""),
    ],
)
def test_text_is_kept_tidy(typed: str, kept: str) -> None:
    assert tidy(typed) == kept
    assert tidy(kept) == kept


def test_what_the_editor_sends_is_tidied() -> None:
    lines = ["A\u200b line\x0bhere", "", "\uf0b7 Point", "\u00ad"]
    blocks = [
        {
            "key": f"k{number}",
            "text": text,
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [],
        }
        for number, text in enumerate(lines)
    ]
    sent = {"text": json.dumps({"blocks": blocks, "entityMap": {}})}
    kept = TidyRichText().value_from_datadict(sent, {}, "text")
    assert kept == '<p data-block-key="k0">A line here</p><p data-block-key="k2">Point</p>'


def test_titles_lose_what_nobody_sees() -> None:
    assert printable("\uf0b7 Bio\u00adbank\u200b \u202eN") == "Biobank N"
