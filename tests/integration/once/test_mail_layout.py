"""Whatever an editor puts into an issue, its mail is laid out for everybody, in each language."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from wagtail.models import Locale

from newsletter.blocks import IssueBlock
from newsletter.issues.freezing import freeze
from newsletter.proofreading import checks
from pages.models import NodePage, SiteIdentity
from tests import builders, mail_layout
from tests.integration.issue_blocks import every_block, every_block_otherwise

LANGUAGES = [code for code, _name in settings.LANGUAGES]

pytestmark = pytest.mark.django_db


@pytest.fixture(params=LANGUAGES)
def node(request: pytest.FixtureRequest, home: NodePage) -> NodePage:
    """The home of each language in turn, which says all that it can."""
    there = home
    if request.param != "en":
        locale = Locale.objects.create(language_code=request.param)
        there = home.copy_for_translation(locale)
        SiteIdentity.objects.create(locale=locale)
    there.host_name, there.host_address = "Cancer Registry", "Rue Royale 215\n1210 Brussels"
    there.mailbox = "a.long.mailbox.of.the.node@bbmri.example"
    there.save_revision().publish()
    SiteIdentity.objects.filter(locale=there.locale).update(tagline="The Belgian node")
    return there


@pytest.mark.parametrize("blocks", [every_block, every_block_otherwise])
@pytest.mark.parametrize("summary", ["", "What the quarter brought."])
def test_every_block_is_laid_out_for_everybody(
    node: NodePage, blocks: Callable[[NodePage], list[dict[str, Any]]], summary: str
) -> None:
    body = blocks(node)
    assert {block["type"] for block in body} == set(IssueBlock().child_blocks)
    mail = freeze(builders.issue(node, body=body, summary=summary).latest_revision)
    assert f'<html lang="{node.locale.language_code}"' in mail.html
    assert mail_layout.faults(mail.html) == []
    assert list(mail_layout.faults_between(mail.html, mail.text)) == []
    assert not checks.of_mail(mail.html, mail.text)
