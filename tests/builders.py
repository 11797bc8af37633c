"""Things a test needs, with sensible defaults; each takes what the test is about."""

from datetime import timedelta
from io import BytesIO
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Pillow
from wagtail.models import Locale, Page, Site

from members.models import NetworkPage, NetworksPage
from pages.models import (
    EventPage,
    EventsIndexPage,
    FaqPage,
    GoalsPage,
    LegalPage,
    NewsIndexPage,
    NewsPage,
    NodePage,
    PeoplePage,
    PersonPage,
    Picture,
    Role,
    SiteIdentity,
    StandardPage,
)

PageType = TypeVar("PageType", bound=Page)


def body(*words: str) -> list[dict[str, Any]]:
    """A StreamField body of one paragraph a word list."""
    return [{"type": "paragraph", "value": f"<p>{text}</p>"} for text in words]


def home(language: str = "en") -> NodePage:
    """The home of a language, made the site's where it is English."""
    locale, _made = Locale.objects.get_or_create(language_code=language)
    page = NodePage(title="Belgium (Member)", slug=f"home-{language}", locale=locale)
    Page.get_first_root_node().add_child(instance=page)
    SiteIdentity.objects.create(locale=locale)
    if language == "en":
        Site.objects.update_or_create(is_default_site=True, defaults={"root_page": page})
    return page


def below(parent: Page, model: type[PageType], title: str, **fields: Any) -> PageType:
    """A published page of a type below another; its slug is made from its title."""
    page = model(title=title, locale=parent.locale, **fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def index_of(node: NodePage, model: type[PageType]) -> PageType:
    """The node's list page of a type, made where there is none."""
    found = model.objects.child_of(node).first()
    return found or below(node, model, model.__name__.removesuffix("Page").removesuffix("Index"))


def person(node: NodePage, name: str = "Ada Peeters", **fields: Any) -> PersonPage:
    return below(index_of(node, PeoplePage), PersonPage, name, **fields)


def role(someone: PersonPage, **fields: Any) -> Role:
    about = {"body": Role.Body.BOARD, "title": "President", "locale": someone.locale} | fields
    return Role.objects.create(person=someone, **about)


def network(node: NodePage, name: str = "Network of the North", **fields: Any) -> NetworkPage:
    about = {"acronym": "NN", "level": NetworkPage.Level.FLANDERS} | fields
    return below(index_of(node, NetworksPage), NetworkPage, name, **about)


def news(node: NodePage, title: str = "A freezer was moved", **fields: Any) -> NewsPage:
    return below(index_of(node, NewsIndexPage), NewsPage, title, **fields)


def event(
    node: NodePage, title: str = "Open day", *, in_days: float = 7, **fields: Any
) -> EventPage:
    start = timezone.now() + timedelta(days=in_days)
    about = {"start": start, "end": start + timedelta(hours=2)} | fields
    return below(index_of(node, EventsIndexPage), EventPage, title, **about)


def text_page(node: NodePage, title: str = "About biobanks", **fields: Any) -> StandardPage:
    return below(node, StandardPage, title, **fields)


def legal(node: NodePage, title: str = "Privacy", **fields: Any) -> LegalPage:
    return below(node, LegalPage, title, **({"kind": LegalPage.Kind.PRIVACY} | fields))


def faq(node: NodePage, title: str = "Questions", *anchors: str) -> FaqPage:
    questions = [
        {
            "type": "question",
            "value": {"question": f"Why {a}?", "anchor": a, "answer": "<p>So.</p>"},
        }
        for a in anchors or ("why",)
    ]
    return below(node, FaqPage, title, questions=questions)


def goals(node: NodePage, *sentences: str) -> GoalsPage:
    wanted = [{"type": "goal", "value": {"goal": text, "detail": ""}} for text in sentences]
    return below(node, GoalsPage, "Goals", goals=wanted)


def png(width: int = 800, height: int = 600, format: str = "PNG") -> bytes:  # noqa: A002  Pillow's own name
    """The bytes of a real picture."""
    buffer = BytesIO()
    Pillow.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, format)
    return buffer.getvalue()


def picture(title: str = "A freezer", content: bytes | None = None) -> Picture:
    return Picture.objects.create(
        title=title, file=ContentFile(content or png(), name="freezer.png")
    )
