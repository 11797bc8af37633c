from pages.models.base import BasePage, BodyPage
from pages.models.events import EventPage, EventsIndexPage
from pages.models.identity import Funding, SiteIdentity
from pages.models.news import NewsIndexPage, NewsPage
from pages.models.node import GoalsPage, NodePage
from pages.models.people import PeoplePage, PersonPage, Role
from pages.models.pictures import Picture, Rendition
from pages.models.releases import Offer, Shipped
from pages.models.texts import FaqPage, LegalPage, LegalVersion, StandardPage

__all__ = [
    "BasePage",
    "BodyPage",
    "EventPage",
    "EventsIndexPage",
    "FaqPage",
    "Funding",
    "GoalsPage",
    "LegalPage",
    "LegalVersion",
    "NewsIndexPage",
    "NewsPage",
    "NodePage",
    "Offer",
    "PeoplePage",
    "PersonPage",
    "Picture",
    "Rendition",
    "Role",
    "Shipped",
    "SiteIdentity",
    "StandardPage",
]
