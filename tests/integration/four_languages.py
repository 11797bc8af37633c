"""A site in two languages, who works at it, and what visitors see of it."""

from typing import TypeVar

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from wagtail.models import GroupPagePermission, Locale, Page, Revision, Site, WorkflowState
from wagtail_localize.models import (
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
)

from newsletter.admin.permissions import MANAGERS, ensure_group
from pages.models import NodePage
from pages.translating import drafts
from tests import builders
from tests.ready_made import PASSWORD

PageType = TypeVar("PageType", bound=Page)
TRANSLATOR = ("add_page", "change_page")


def dutch() -> Locale:
    return Locale.objects.get_or_create(language_code="nl")[0]


def two_homes(home: NodePage) -> None:
    """The English home with its archive and lists, and the Dutch ones, which are translations."""
    builders.news(home, "First")
    home.copy_for_translation(dutch()).save_revision().publish()
    for page in (builders.archive(home), Page.objects.get(slug="first").get_parent().specific):
        page.copy_for_translation(dutch()).save_revision().publish()
    Site.clear_site_root_paths_cache()


def translate(translation: Translation, word: str = "Nederlands") -> None:
    """Each piece, as somebody would type it."""
    for number, segment in enumerate(StringSegment.objects.filter(source=translation.source)):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": f"{word} {number}", "tool_name": "", "has_error": False},
        )


def begun(page: PageType, by: User) -> Translation:
    return drafts.begin(page, dutch(), by)


def in_dutch(page: PageType, by: User) -> PageType:
    """Translated whole and live."""
    translation = begun(page, by)
    translate(translation)
    drafts.make(translation, by).publish(user=by)
    found: PageType = type(page).objects.get(translation_key=page.translation_key, locale=dutch())
    return found


def seen() -> dict[str, str]:
    """What visitors read of every page that is live in Dutch, by its address."""
    visitor = Client()
    home = NodePage.objects.get(locale=dutch())
    live = Page.objects.live().descendant_of(home, inclusive=True)
    return {page.url: visitor.get(page.url).text for page in live if page.url}


def stored() -> list[list[tuple[object, ...]]]:
    """All that an act on pages and their translations can leave behind."""
    models = (Page, Revision, Translation, StringTranslation, SegmentOverride, WorkflowState)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def in_groups(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def translator(language: str = "nl") -> User:
    """May write in one language, and hand in."""
    group = Group.objects.create(name=f"Translators {language}")
    rights = Permission.objects.filter(codename__in=("access_admin", "submit_translation"))
    group.permissions.set(rights)
    root = NodePage.objects.get(locale__language_code=language)
    for codename in TRANSLATOR:
        permission = Permission.objects.get(
            codename=codename, content_type__app_label="wagtailcore"
        )
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    return in_groups(f"translator-{language}", group.name)


def cast() -> dict[str, User]:
    ensure_group()
    return {
        "writer": in_groups("wim", "Editors"),
        "publisher": in_groups("pia", "Moderators"),
        "translator": translator(),
        "newsletter manager": in_groups("nel", MANAGERS),
    }
