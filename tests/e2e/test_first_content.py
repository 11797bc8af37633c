"""The first content as the command leaves it, each part committed when it is in real life."""

import pytest

from tests.e2e.site import RunningSite

pytestmark = pytest.mark.each_engine


def test_the_tree_is_whole_after_loading_and_takes_more_pages(site: RunningSite) -> None:
    told = site.shell(
        "from pages.models import NodePage, StandardPage\n"
        "from wagtail.models import Page\n"
        "dutch = NodePage.objects.get(locale__language_code='nl')\n"
        "added = dutch.add_child(instance=StandardPage(title='Een', locale=dutch.locale))\n"
        "print(dutch.get_children().count() - dutch.numchild, any(Page.find_problems()))\n"
        "added.delete()\n"
    )
    assert told.split() == ["0", "False"]
