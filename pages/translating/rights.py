"""Who may do what to which language's page.

An act on another language's page asks for the right that the same act on that page would ask. Each
function answers with the sentence that refuses, in the reader's language; with "" where they may.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail.snippets.permissions import get_permission_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

User = AbstractUser | AnonymousUser
Refusal = str | Promise

SUBMIT = "wagtail_localize.submit_translation"
GONE = _(
    "Nothing is saved here any more: the page or its original was deleted, or its translation"
    " stopped."
)
NOT_WRITTEN = _("You may not edit “{page}” in {language}.")
NOT_PUBLISHED = _("You may not publish “{page}” in {language}.")
NOT_ADDED = _("You may not add “{page}” in {language}.")
NOT_STARTED = _("You may not start translations.")
REFUSED = _("This is not for you to do with “{page}” in {language}, or not now.")
LOCKED = _("“{page}” in {language} is locked, or somebody reviews it.")
NO_PARENT = _("The page above “{page}” does not exist in {language}: begin with that one.")


def to_write(user: User, target: Model) -> Refusal:
    """Of a page or snippet as it stands in one language, its pieces included."""
    if not isinstance(target, Page):
        may = user.has_perm(get_permission_name("change", type(target)))
        return "" if may else _said(NOT_WRITTEN, target)
    if not target.permissions_for_user(user).can_edit():
        return _said(NOT_WRITTEN, target)
    lock = target.get_lock()
    return _said(LOCKED, target) if lock and lock.for_user(user) else ""


def to_publish(user: User, target: Model) -> Refusal:
    """Whatever changes what visitors see. A snippet has no draft: who edits it publishes it."""
    refusal = to_write(user, target)
    if refusal or not isinstance(target, Page):
        return refusal
    may = target.permissions_for_user(user).can_publish()
    return "" if may else _said(NOT_PUBLISHED, target)


def to_begin(user: User, source: TranslatableMixin, locale: Locale) -> Refusal:
    """A translation: of what stands there already, or beside what is added for it."""
    if not user.has_perm(SUBMIT):
        return NOT_STARTED
    target = source.get_translation_or_none(locale)
    if target:
        return to_write(user, target)
    if not isinstance(source, Page):  # it is there for visitors at once, and then has to be changed
        asked = [get_permission_name(act, type(source)) for act in ("add", "change")]
        may = user.has_perms(asked)
    else:
        above = source.get_parent()
        parent = above if above.is_root() else above.get_translation_or_none(locale)
        if parent is None:
            return _said(NO_PARENT, source, locale)
        may = parent.permissions_for_user(user).can_add_subpage()
    return "" if may else _said(NOT_ADDED, source, locale)


def to_begin_somewhere(user: User, source: TranslatableMixin) -> Refusal:
    """In one language at least."""
    return first_refusal([to_begin(user, source, locale) for locale in open_to(source)])


def open_to(source: TranslatableMixin) -> list[Locale]:
    """The languages that a page or snippet is not written in: an alias is written in none."""
    written = source.get_translations(inclusive=True)
    if isinstance(source, Page):
        written = written.filter(alias_of=None)
    return list(Locale.objects.exclude(pk__in=written.values("locale")))


def refused(target: Model) -> Refusal:
    """What is left where the act's own rule has no sentence."""
    return _said(REFUSED, target)


def first_refusal(refusals: list[Refusal]) -> Refusal:
    """Where every one is refused. Where there is none to ask, nothing is."""
    return refusals[0] if refusals and all(refusals) else ""


def _said(sentence: "_StrPromise", target: Model, locale: Locale | None = None) -> Refusal:
    language = (locale or target.locale).get_display_name()  # type: ignore[attr-defined]  # only what is translatable is asked about
    return format_lazy(sentence, page=str(target), language=language)
