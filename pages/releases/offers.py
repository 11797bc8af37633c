"""What the release says and the site says otherwise: somebody takes it, or keeps what stands.

Whoever may publish a page decides about its texts. What is taken goes live where nobody is at the
page, else into its draft. A decision holds until a release changes the same piece again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, TranslatableMixin
from wagtail.permissions import page_permission_policy
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from pages.models import LegalPage, Offer
from pages.releases import content, originals, rows, words
from pages.releases.digests import digest, in_words
from pages.releases.release import LANGUAGE, Release
from pages.releases.site import Site, known_site
from pages.releases.words import Bringing
from pages.translating import drafts, rights
from pages.translating.pieces import field_name, translation_of
from pages.translating.rights import User

PUT, ADD, DROP = Offer.Act.PUT, Offer.Act.ADD, Offer.Act.DROP


@dataclass(frozen=True)
class Text:
    """One piece, as people read it."""

    offer: Offer
    place: str
    stands: str
    says: str


@dataclass(frozen=True)
class About:
    """What is offered of one page or record in one language, or of one kind of rows."""

    title: str
    language: str
    url: str
    texts: list[Text]
    is_whole: bool = False  # a legal page has one date for all of its text
    is_elsewhere: bool = False  # it is published on a screen of its own


def forget_decided() -> int:
    """Take away what an editor has written or deleted by hand meanwhile; how many are left."""
    left = [text.offer.pk for about in waiting(None) for text in about.texts]
    Offer.objects.exclude(pk__in=left).delete()
    return len(left)


def waiting(user: User | None) -> list[About]:
    """What somebody may decide about; all there is where nobody is named."""
    site = known_site(Release([], [], {}), "")
    found: dict[tuple[int, str], list[Offer]] = {}
    for offer in Offer.objects.select_related("shipped"):
        place = "" if _kind(offer) else offer.language
        found.setdefault((offer.shipped_id, place), []).append(offer)
    abouts = (_about(site, offers, user) for offers in found.values())
    return [about for about in abouts if about and about.texts]


def may_decide(user: User) -> bool:
    """About something at all."""
    permissions = [kind.permission for kind in rows.kinds.values()]
    is_publisher = page_permission_policy.user_has_permission(user, "publish")
    return is_publisher or any(map(user.has_perm, permissions))


def only(about: About, texts: list[Text]) -> About:
    return replace(about, texts=texts)


def _about(site: Site, offers: list[Offer], user: User | None) -> About | None:
    kind = _kind(offers[0])
    if kind:
        texts = (
            _texts_of_rows(kind, offers) if user is None or user.has_perm(kind.permission) else []
        )
        return About(kind.label, "", kind.url, texts, is_elsewhere=kind.write is None)
    target = _target(offers[0])
    if target is None or (user and not _may_publish(user, target)):
        return None
    is_original = offers[0].language == LANGUAGE
    texts = _texts(site, target, offers) if is_original else _texts_of_translation(target, offers)
    language = str(dict(settings.LANGUAGES)[offers[0].language])
    url = (AdminURLFinder(user).get_edit_url(target) if user else "") or ""
    is_whole = is_original and isinstance(target, LegalPage)
    return About(str(target), language, url, texts, is_whole=is_whole)


def _kind(offer: Offer) -> rows.Kind | None:
    return rows.kinds.get(offer.shipped.name.removeprefix("rows/"))


def _target(offer: Offer) -> TranslatableMixin | None:
    """The page or record as it is in the language; None where it was deleted."""
    model: Any = Page if offer.shipped.name.startswith("pages/") else _record_model(offer)
    key, language = offer.shipped.key, offer.language
    if model is None or key is None:
        return None
    found = model.objects.filter(translation_key=key, locale__language_code=language).first()
    return found.specific if isinstance(found, Page) else found


def _record_model(offer: Offer) -> type[Model] | None:
    files = Release.read().records
    return next((file.model for file in files if file.name == offer.shipped.name), None)


def _may_publish(user: User, target: TranslatableMixin) -> bool:
    if isinstance(target, Page):
        return bool(target.permissions_for_user(user).can_publish())
    return not rights.to_publish(user, target)


# What is still to be decided, in words


def _texts_of_rows(kind: rows.Kind, offers: Iterable[Offer]) -> list[Text]:
    now = kind.now()
    return [
        Text(offer, offer.place, now.get(offer.place, ""), str(offer.value))
        for offer in offers
        if now.get(offer.place) != offer.value
    ]


def _texts(site: Site, target: TranslatableMixin, offers: Iterable[Offer]) -> list[Text]:
    """As it stands in the draft, if there is one: that is what would be changed."""
    latest = target.get_latest_revision_as_object() if isinstance(target, Page) else target
    found = (_text(site, latest, offer) for offer in offers)
    return [text for text in found if text]


def _text(site: Site, latest: TranslatableMixin, offer: Offer) -> Text | None:
    model = type(latest)
    if not content.has(model, offer.place):
        return None
    place = field_name(model, offer.place)
    says = "" if offer.act == DROP else in_words(offer.value)
    if not content.is_list(model, offer.place):
        is_same = content.now(latest, offer.place, site.address) == digest(offer.value)
        stands = in_words(getattr(latest, offer.place))
        return None if is_same else Text(offer, place, stands, says)
    items = content.items_of(latest, offer.place)
    if offer.act == ADD:
        return None if offer.item in items else Text(offer, place, "", says)
    now = content.items_now(latest, offer.place, site.address).get(offer.item)
    if now is None or (offer.act == PUT and now == digest(offer.value)):
        return None
    return Text(offer, place, in_words(items[offer.item]), says)


def _texts_of_translation(target: TranslatableMixin, offers: Iterable[Offer]) -> list[Text]:
    texts = []
    for offer in offers:
        row = _row(target, offer)
        if row and row.data != offer.value:
            place = field_name(type(target), offer.place)
            texts.append(Text(offer, place, in_words(row.data), in_words(offer.value)))
    return texts


def _row(target: TranslatableMixin, offer: Offer) -> StringTranslation | None:
    """The translation of a piece that is still one."""
    piece = StringSegment.objects.filter(
        source__object=target.translation_key, context__path=offer.place, string__data=offer.item
    ).first()
    if piece is None:
        return None
    return StringTranslation.objects.filter(
        translation_of=piece.string_id, context=piece.context_id, locale=target.locale_id
    ).first()


# Deciding


def take(about: About, user: User) -> str:
    """What is told then. Raises ValidationError where the page refuses it, or is locked."""
    if about.is_elsewhere:
        raise ValidationError(_("Publish it on its own screen"))
    offers = [text.offer for text in about.texts]
    kind, told = _kind(offers[0]), _("Taken. Visitors see it.")
    if kind and kind.write:
        for offer in offers:
            kind.write(offer.place, str(offer.value))
    elif target := _target(offers[0]):
        refusal = rights.to_publish(user, target)
        if refusal:
            raise ValidationError(str(refusal))
        into = _take_original if offers[0].language == LANGUAGE else _take_translation
        if not into(target, offers, user):
            told = _("Taken into the draft: publish it when it is ready.")
    keep(about)
    return told


def keep(about: About) -> None:
    Offer.objects.filter(pk__in=[text.offer.pk for text in about.texts]).delete()


def _take_original(target: TranslatableMixin, offers: Iterable[Offer], user: User) -> bool:
    """Whether visitors see it now."""
    site = known_site(Release([], [], {}), "")
    is_live = not words.is_in_work(target)
    latest = target.get_latest_revision_as_object() if isinstance(target, Page) else target
    changes = [originals.change_of(site, latest, offer) for offer in offers]
    if None in changes:
        raise ValidationError(_("It leads to a page that was deleted: write it by hand."))
    made = [change for change in changes if change]
    if not is_live:
        for change in made:
            content.make(latest, change)
        latest.save_revision(user=user, log_action=True)
        return False
    source = TranslationSource.objects.get_for_instance_or_none(target)
    before = words.pieces_of(source)
    originals.make(target, made, source, user)
    if source:
        bringing = _bringing(next(iter(offers)), source, user)
        bringing.before = before
        words.bring(bringing, is_changed=True)
    return True


def _bringing(offer: Offer, source: TranslationSource, user: User) -> Bringing:
    """Another language goes live where the same person may publish it."""
    return Bringing(
        offer.shipped,
        source,
        words.known(Release.read()),
        user=user,
        may_publish=lambda target: not rights.to_publish(user, target),
    )


def _take_translation(target: TranslatableMixin, offers: Iterable[Offer], user: User) -> bool:
    translation: Translation | None = translation_of(target)
    if translation is None:
        raise ValidationError(str(rights.GONE))
    for offer in offers:
        row = _row(target, offer)
        if row:
            words.put(row, str(offer.value))
            row.last_translated_by = user
            row.save()
    if words.is_in_work(target):
        drafts.make(translation, user)
        return False
    return words.show(translation, target, user)
