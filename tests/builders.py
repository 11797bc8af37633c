"""Things a test needs, with sensible defaults; each takes what the test is about."""

from datetime import timedelta
from io import BytesIO
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.test.client import FakePayload
from django.utils import timezone
from PIL import Image as Pillow
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail_localize.models import Translation, TranslationSource

from members.models import (
    Biobank,
    BiobankFact,
    BiobanksPage,
    Collection,
    Concept,
    ConceptName,
    NetworkPage,
    NetworksPage,
)
from newsletter import addresses
from newsletter.issues.freezing import freeze
from newsletter.models import (
    AddressChange,
    ConsentText,
    Delivery,
    DeliveryKind,
    Mailing,
    NewsletterIndexPage,
    NewsletterIssuePage,
    SignUp,
    Subscriber,
    Subscription,
    Topic,
    TopicLabel,
)
from newsletter.subscribers import acts
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
from pages.search.indexing import only_when_published
from visitors.cache import generation

PageType = TypeVar("PageType", bound=Page)


class BrokenOff(FakePayload):
    """The body of a request whose line went dead."""

    def read(self, *_size: int | None) -> bytes:
        raise ConnectionResetError


def body(*words: str) -> list[dict[str, Any]]:
    """A StreamField body of one paragraph a word list."""
    return [{"type": "paragraph", "value": f"<p>{text}</p>"} for text in words]


def home(language: str = "en") -> NodePage:
    """The home of a language, made where there is none: the English one was, before the tests."""
    return NodePage.objects.filter(slug=f"home-{language}").first() or _new_home(language)


def _new_home(language: str) -> NodePage:
    """It is made the site's where it is English."""
    locale, _made = Locale.objects.get_or_create(language_code=language)
    page = NodePage(title="Belgium (Member)", slug=f"home-{language}", locale=locale)
    Page.get_first_root_node().add_child(instance=page)
    SiteIdentity.objects.create(locale=locale)
    if language == "en":
        Site.objects.update_or_create(is_default_site=True, defaults={"root_page": page})
    return page


def clear_away() -> None:
    """Leave a site without a home, as it is migrated."""
    first = Page.objects.filter(depth=2).exclude(slug="home-en").get()
    Site.objects.update(root_page=first)
    home().delete()
    SiteIdentity.objects.all().delete()


def below(parent: Page, model: type[PageType], title: str, **fields: Any) -> PageType:
    """A published page of a type below another; its slug is made from its title."""
    page = model(title=title, locale=parent.locale, **fields)
    with disable_reference_index_auto_update():
        with only_when_published():
            parent.add_child(instance=page)
            revision = page.save_revision()
        revision.publish(log_action=False)
    return page


def alone(page: PageType) -> PageType:
    """A page that nothing stands in for in other languages."""
    for stand_in in page.aliases.all():
        stand_in.delete()
    return page


def index_of(node: NodePage, model: type[PageType]) -> PageType:
    """The node's list page of a type, made where there is none."""
    found = model.objects.child_of(node).first()
    return found or below(node, model, model.__name__.removesuffix("Page").removesuffix("Index"))


def translation_of(page: PageType, language: str = "fr") -> PageType:
    """A page right below the home once more in a language that has no home yet, which is made."""
    other, own = home(language), page.get_parent()
    Page.objects.filter(pk=other.pk).update(translation_key=own.translation_key)
    other.refresh_from_db()
    keys = {"slug": page.slug, "translation_key": page.translation_key}
    return below(other, type(page), page.title, **keys)


def made_from(page: PageType, language: str = "nl", **fields: Any) -> PageType:
    """A published translation of a page, with the record of what it was made from."""
    locale, _made = Locale.objects.get_or_create(language_code=language)
    there = page.get_translation_or_none(locale)  # what stood in for it
    made = there or page.copy_for_translation(locale, copy_parents=True)
    made.alias_of = None
    for name, value in fields.items():
        setattr(made, name, value)
    made.save_revision().publish(log_action=False)
    source, _made = TranslationSource.update_or_create_from_instance(page)
    Translation.objects.create(source=source, target_locale=locale)
    made.refresh_from_db()
    Site.clear_site_root_paths_cache()
    return made


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
    """A small one, if nothing else is given: it has few sizes, which are quickly made."""
    content = content or png(80, 60)
    return Picture.objects.create(title=title, file=ContentFile(content, name="freezer.png"))


def large_picture(title: str = "A freezer") -> Picture:
    """One that has every size."""
    return picture(title, png())


CONSENT = "I agree to get mail, as the privacy notice says."


def consent_text(language: str = "en", version: int = 1, **fields: Any) -> ConsentText:
    """The wording of a version in a language, published where it is not."""
    about = {
        "text": CONSENT,
        "link_text": "privacy notice",
        "notice_url": "https://www.bbmri.example/privacy/",
        "controller": "BBMRI Example",
        "purposes": "Sending the newsletter.",
        "material": True,
    } | fields
    found = ConsentText.objects.filter(language=language, version=version).first()
    return found or ConsentText.objects.create(language=language, version=version, **about)


def topic(slug: str = "newsletter", **fields: Any) -> Topic:
    """A topic named by its slug, made where there is none."""
    made, is_new = Topic.objects.get_or_create(slug=slug, defaults=fields)
    if is_new:
        TopicLabel.objects.create(topic=made, language="en", name=slug.title())
    return made


def sign_up(address: str = "Ada.Peeters@example.org", **fields: Any) -> SignUp:
    """Somebody typed the address and has not confirmed. `topics`: slugs."""
    about = {
        "language": "en",
        "topics": ["newsletter"],
        "consent_text": None,
        "page": "/en/newsletter/",
        "network": "",
    } | fields
    about["consent_text"] = about["consent_text"] or consent_text(about["language"])
    for slug in about["topics"]:
        topic(slug)
    return acts.sign_up(addresses.read(address), **about)


def subscriber(address: str = "Ada.Peeters@example.org", **fields: Any) -> Subscriber:
    """Who signed up and confirmed; `fields` are the sign-up's."""
    acts.confirm(sign_up(address, **fields))
    return Subscriber.objects.get(key=addresses.read(address).key)


def address_change(someone: Subscriber, new: str) -> AddressChange:
    """Asked for, not confirmed."""
    return AddressChange.objects.create(
        subscriber=someone, old_address=someone.address, new_address=new
    )


def crowd(count: int, language: str = "en") -> None:
    """Readers of the newsletter, made at once and without their histories."""
    about = {"language": language, "consent_text": consent_text(language)}
    addresses_of = [f"reader{number}.{language}@example.org" for number in range(count)]
    people = Subscriber.objects.bulk_create(
        (
            Subscriber(address=one, key=one, subject=addresses.subject_of(one), **about)
            for one in addresses_of
        ),
        batch_size=1000,
    )
    wanted = topic()
    Subscription.objects.bulk_create(
        (Subscription(subscriber=one, topic=wanted) for one in people), batch_size=1000
    )


def delivery(someone: Subscriber, kind: str = DeliveryKind.MANAGE_LINK, **fields: Any) -> Delivery:
    return Delivery.objects.to_subscriber(kind, someone, **fields)


def archive(node: NodePage) -> NewsletterIndexPage:
    found = NewsletterIndexPage.objects.child_of(node).first()
    return found or below(node, NewsletterIndexPage, "Issues")


def issue(
    node: NodePage, title: str = "Freezers of the North", **fields: Any
) -> NewsletterIssuePage:
    """A published issue of which nothing was sent. The home says who sends it."""
    if not node.host_name:
        node.host_name, node.host_address = "Cancer Registry", "Rue Royale 215\n1210 Brussels"
        node.save(update_fields=["host_name", "host_address"])
    words = [{"type": "text", "value": "<p>A freezer was moved.</p>"}]
    about = {"subject": f"{title}, and more", "body": words} | fields
    return below(archive(node), NewsletterIssuePage, title, **about)


def mailing(page: NewsletterIssuePage, **fields: Any) -> Mailing:
    """Of the issue as it is published; prepared, unless `fields` say more."""
    frozen = freeze(page.latest_revision)
    about = {
        "issue": page,
        "revision": page.latest_revision,
        "language": page.locale.language_code,
        "subject": frozen.subject,
        "html": frozen.html,
        "text": frozen.text,
        "sha256": frozen.sha256,
        "sender": "BBMRI.be <news@bbmri.example>",
        "reply_to": "desk@bbmri.example",
    }
    return Mailing.objects.create(**(about | fields))


def begun(page: NewsletterIssuePage, **fields: Any) -> Mailing:
    """A mailing that somebody may have a copy of."""
    about = {"state": Mailing.State.SENDING, "started_at": timezone.now()} | fields
    made = mailing(page, **about)
    generation.raise_it()
    return made


def finder(node: NodePage) -> BiobanksPage:
    return index_of(node, BiobanksPage)


def biobank(name: str = "Biobank of the North", host: str = "", **fields: Any) -> Biobank:
    """A row as an editor makes one: its address comes from its name."""
    row = Biobank(name=name, **fields)
    row.clean()
    row.save()
    if host:
        fact(row, "host", host)
    return row


def fact(about: Biobank, kind: str, value: str, language: str = "", **fields: Any) -> BiobankFact:
    return BiobankFact.objects.create(
        profile=about.profile, kind=kind, language=language, value=value, **fields
    )


def concept(key: str, codes: str, kind: str = "disease", **names: str) -> Concept:
    """A disease or chapter, with what it is called by language."""
    row = Concept(key=key, kind=kind, codes=codes)
    row.names = [ConceptName(language=one, name=name) for one, name in names.items()]
    row.save()
    return row


def collection(whole: Biobank, part: str = "all", **fields: Any) -> Collection:
    about = {"directory_id": f"{whole.slug}:collection:{part}", "as_of": timezone.localdate()}
    return Collection.objects.create(biobank=whole, **about | fields)
