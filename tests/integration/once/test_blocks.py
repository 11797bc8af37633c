"""Every block renders, as its preview shows it and as a blank draft leaves it."""

from collections.abc import Iterator

import pytest
from wagtail.blocks import Block, ListBlock, StructBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from newsletter.blocks import IssueBlock
from pages.blocks.content import BodyBlock, GoalBlock, QuestionBlock
from pages.blocks.home import BandsBlock
from pages.blocks.links import LinkBlock
from pages.models import NodePage
from tests import builders


def every_block() -> Iterator[tuple[str, Block]]:
    yield from BodyBlock().child_blocks.items()
    yield from ((f"band_{name}", block) for name, block in BandsBlock().child_blocks.items())
    yield from ((f"issue_{name}", block) for name, block in IssueBlock().child_blocks.items())
    yield from {"goal": GoalBlock(), "question": QuestionBlock(), "link": LinkBlock()}.items()


BLOCKS = pytest.mark.parametrize("block", [pytest.param(b, id=name) for name, b in every_block()])


@BLOCKS
@pytest.mark.django_db
def test_a_block_has_a_template_a_description_and_a_preview_that_renders(block: Block) -> None:
    assert block.meta.template.startswith("blocks/")
    assert block.get_description()
    rendered = block.render(block.get_preview_value())
    assert "style=" not in rendered
    assert "<script" not in rendered
    assert "<iframe" not in rendered


@BLOCKS
@pytest.mark.django_db
def test_a_blank_block_renders(block: Block) -> None:
    blank = (
        [block.child_block.get_default()] if isinstance(block, ListBlock) else block.get_default()
    )
    value = block.normalize(blank) if isinstance(block, ListBlock | StructBlock) else blank
    block.render(value)


def test_a_link_to_an_unpublished_page_is_no_link(home: NodePage) -> None:
    page = builders.text_page(home, "Hidden")
    block = LinkBlock()
    live = block.to_python({"label": "There", "page": page.pk, "url": ""})
    assert 'href="/en/hidden/"' in block.render(live)
    page.unpublish()
    gone = block.to_python({"label": "There", "page": page.pk, "url": ""})
    assert "href" not in block.render(gone)


@pytest.mark.parametrize(
    "value", [{"page": None, "url": ""}, {"page": True, "url": "https://bbmri-eric.eu"}]
)
def test_a_link_leads_to_one_place(home: NodePage, value: dict[str, object]) -> None:
    chosen = home if value["page"] else None
    with pytest.raises(StructBlockValidationError) as refused:
        LinkBlock().clean(
            LinkBlock().normalize({"label": "x", "page": chosen, "url": value["url"]})
        )
    assert "one of the two" in str(refused.value.block_errors["page"])


def test_markup_in_words_is_shown_not_run() -> None:
    evil = "<script>alert(1)</script>"
    quote = {"text": evil, "attribution": evil}
    for name, value in {"heading": evil, "quote": quote, "call_to_action": {"text": evil}}.items():
        block = BodyBlock().child_blocks[name]
        assert "<script" not in block.render(block.normalize(value))
