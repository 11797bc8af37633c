"""An excerpt shows the word found, whole, among what stands around it."""

import pytest

from pages.search.excerpts import BEFORE, SHOWN, excerpt, marked
from pages.search.words import MAX_LETTERS, MAX_WORDS, question, words


def text_of(text: str, *asked: str) -> str:
    return "".join(
        f"[{part.text}]" if part.is_found else part.text for part in excerpt(text, list(asked))
    )


def test_a_short_text_is_shown_whole() -> None:
    assert text_of("À  Liège,\nà Gand.", "liege", "a") == "[À] [Liège], [à] Gand."


def test_a_long_text_is_shown_around_the_first_word_found() -> None:
    shown = text_of("before " * 100 + "the freezer hums " + "after " * 100, "freezer")
    assert shown.startswith("… before")
    assert "the [freezer] hums" in shown
    assert shown.endswith("after …")
    assert len(shown) < SHOWN + BEFORE


def test_a_long_text_without_the_word_is_shown_from_its_beginning() -> None:
    assert text_of("First words " + "and more " * 100, "elsewhere").startswith("First words and")


@pytest.mark.parametrize("text", ["x" * 5000, "x" * 5000 + " freezer", "-" * 5000 + "freezer", ""])
def test_a_text_without_spaces_is_cut_all_the_same(text: str) -> None:
    assert len(text_of(text, "freezer")) < SHOWN + 2 * BEFORE
    assert ("[freezer]" in text_of(text, "freezer")) == ("freezer" in text)


def test_only_whole_words_are_marked() -> None:
    assert [part.text for part in marked("biobanks, abiobank", ["biob"]) if part.is_found] == [
        "biobanks"
    ]


def test_a_question_is_kept_within_its_limits() -> None:
    assert not question(" Liège  or Gent ").is_cut
    assert question(" Liège  or Gent ").text == "Liège or Gent"
    long = question("a-b c " * 100)
    assert long.is_cut
    assert len(long.words) == MAX_WORDS == len(words(long.text))
    assert len(question("é" * 500).text) == MAX_LETTERS
    assert question("?!").words == []
