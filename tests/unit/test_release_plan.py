"""What a release changes of a list, decided on digests; and when two texts are the same."""

from uuid import UUID

import pytest

from pages.models import Offer
from pages.releases import plan
from pages.releases.digests import digest, in_words
from pages.releases.plan import Item

KEY = UUID(int=1)
ITEMS = [Item("1", ["a"]), Item("2", ["b"]), Item("3", ["c"])]
AS_LOADED = {"1": "a", "2": "b", "3": "c"}


def steps(now: dict[str, str], release: str) -> list[tuple[str, str, bool]]:
    made, _known = plan.plan(ITEMS, now, list(release), KEY)
    return [
        (step.act, step.id if step.act != Offer.Act.ADD else step.after, step.is_edited)
        for step in made
    ]


@pytest.mark.parametrize(
    ("now", "release", "expected"),
    [
        (AS_LOADED, "abc", []),
        (AS_LOADED, "aBc", [("put", "2", False)]),
        (AS_LOADED | {"2": "mine"}, "aBc", [("put", "2", True)]),
        (AS_LOADED | {"2": "mine"}, "abC", [("put", "3", False)]),
        (AS_LOADED | {"2": "B"}, "aBc", []),
        ({"1": "a", "3": "c"}, "aBc", []),
        (AS_LOADED, "ac", [("drop", "2", False)]),
        (AS_LOADED | {"2": "mine"}, "ac", [("drop", "2", True)]),
        (AS_LOADED, "abXc", [("add", "2", False)]),
        ({"1": "a", "3": "c"}, "abXc", [("add", "1", False)]),
        ({"2": "b", "own": "X", "3": "c", "1": "a"}, "abXc", []),
        (AS_LOADED, "cab", []),
    ],
    ids=[
        "the same",
        "changed here alone",
        "edited and changed",
        "edited elsewhere",
        "edited to what the release says",
        "deleted stays deleted",
        "taken out",
        "taken out of what was edited",
        "added behind its neighbour",
        "added behind the next that is there",
        "an editor added it before, and moved others",
        "moved by the release: the site's order stays",
    ],
)
def test_what_a_release_does_to_a_list(
    now: dict[str, str], release: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert steps(now, release) == expected


def test_a_release_that_was_worked_through_has_nothing_left_to_do() -> None:
    now = AS_LOADED | {"2": "mine"}
    made, known = plan.plan(ITEMS, now, list("aBXc"), KEY)
    after = now | {step.id: "X" for step in made if step.act == Offer.Act.ADD}
    assert plan.plan(known, after, list("aBXc"), KEY) == ([], known)
    assert plan.plan(ITEMS, now, list("aBXc"), KEY) == (made, known), "the same each time"


def test_an_older_site_is_matched_by_what_nobody_edited() -> None:
    found = plan.adopted(list("abc"), {"x": "a", "y": "mine", "z": "c"})
    assert [(item.id, item.known) for item in found] == [("x", ["a"]), ("y", ["b"]), ("z", ["c"])]


def test_what_the_editor_writes_anew_without_a_change_is_the_same_text() -> None:
    file = {
        "text": '<p>See <a href="page:about">us</a>\nand <b>more</b>.</p>\n<p>Bye</p>',
        "page": "page:",
    }
    kept = {
        "text": '<p data-block-key="x1">See <a id="7" linktype="page">us</a> and <b>more</b>.</p>'
        '<p data-block-key="x2">Bye</p>',
        "page": 3,
        "url": "",
        "id": "0b1e",
    }
    addresses = {7: "about", 3: ""}
    assert digest(kept, addresses.__getitem__) == digest(file)
    assert digest(kept, lambda pk: f"#{pk}") != digest(file), "a link leads elsewhere"
    assert digest([{"type": "item", "value": "a", "id": "1"}]) == digest(["a"])


def test_a_block_is_read_as_its_words() -> None:
    block = {"type": "question", "value": {"question": "Why?", "answer": "<p>So.</p><p>Yes.</p>"}}
    assert in_words(block) == "Why?\nSo.\nYes."
