"""The bands of the home: editors order them and leave out what they like."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.links import LinkCardsBlock

MOST_DOORS = 3  # side by side, in the first screen


class DoorsBlock(LinkCardsBlock):
    """Ways in for those who come, in few words: they stand in the first screen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_num": MOST_DOORS} | kwargs))

    class Meta:
        template = "blocks/bands/doors.html"
        icon = "list-ul"
        label = _("Doors")
        description = _("Up to three ways in, for those who come")


class Band(blocks.StaticBlock):
    """Drawn of what is kept elsewhere, while there is any."""


class MapBand(Band):
    class Meta:
        template = "blocks/bands/map.html"
        icon = "site"
        label = _("Map")
        admin_text = description = _(
            "The map of Belgium with its biobanks. "
            "As the first band, or after the doors, it stands beside the title."
        )


class NewsAndEventsBand(Band):
    class Meta:
        template = "blocks/bands/news_and_events.html"
        icon = "date"
        label = _("News and events")
        admin_text = description = _("The latest news and the next events, when there are any.")


class IntroductionBand(Band):
    class Meta:
        template = "blocks/bands/introduction.html"
        icon = "home"
        label = _("Who we are")
        admin_text = description = _("The introduction, which is kept below.")


class NetworksBand(Band):
    class Meta:
        template = "blocks/bands/networks.html"
        icon = "site"
        label = _("Networks")
        admin_text = description = _("Cards of all networks.")


class GoalsBand(Band):
    class Meta:
        template = "blocks/bands/goals.html"
        icon = "tick"
        label = _("Goals")
        admin_text = description = _("The goals, which are kept on their own page.")


class PeopleBand(Band):
    class Meta:
        template = "blocks/bands/people.html"
        icon = "group"
        label = _("People")
        admin_text = description = _("Cards of all who have a role today.")


class TextsBand(Band):
    class Meta:
        template = "blocks/bands/texts.html"
        icon = "pilcrow"
        label = _("Texts")
        admin_text = description = _("The content of this page, which is kept below.")


class NewsletterBand(Band):
    class Meta:
        template = "blocks/bands/sign_up.html"
        icon = "mail"
        label = _("Newsletter")
        admin_text = description = _("The form to sign up for the newsletter.")


class BandsBlock(blocks.StreamBlock):
    doors = DoorsBlock()
    map = MapBand()
    news_and_events = NewsAndEventsBand()
    introduction = IntroductionBand()
    networks = NetworksBand()
    goals = GoalsBand()
    people = PeopleBand()
    texts = TextsBand()
    newsletter = NewsletterBand()

    def __init__(self, **kwargs: Any) -> None:
        once = {name: {"max_num": 1} for name in self.base_blocks}
        super().__init__(**({"block_counts": once} | kwargs))

    class Meta:
        required = False


# All but the doors: they lead to pages, which a new home does not have.
FIRST_BANDS = [name for name in BandsBlock.base_blocks if name != "doors"]


def first_bands() -> list[tuple[str, None]]:
    """Of a home that nobody arranged yet."""
    return [(name, None) for name in FIRST_BANDS]
