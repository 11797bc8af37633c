"""An issue as a mail, made from its blocks: HTML and text, with marks for readers' own links."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop, override
from wagtail.blocks import StreamValue

from newsletter.issues.links import as_uri
from newsletter.issues.teasers import Chosen, chosen_pages
from newsletter.mails.paper import finished, sender_in, wrapped
from newsletter.models.issues import NewsletterIssuePage
from newsletter.personal import MANAGE_LINK, UNSUBSCRIBE_LINK
from newsletter.proofreading import checks
from newsletter.proofreading.problems import Problem
from pages.models import NodePage, Picture
from pages.templatetags.content_tags import with_levels
from pages.tree.addresses import full_url
from pages.tree.links import addresses_anew, expect, linked_pages
from pages.tree.published import published

TEMPLATES = "newsletter/issue_mail"
COLUMN = 552  # px: 600, which every mail program shows, less the margins
# After the preheader: blanks of a digit's width, so that nothing of the mail follows it in a list.
PADDING = " \u2007\ufeff" * 60
HEAVIEST_PICTURE = 200_000  # bytes


@dataclass(frozen=True)
class PictureFile:
    """A picture as a mail shows it."""

    name: str  # in the media storage
    width: int
    height: int
    weight: int = 0  # bytes, where somebody asked

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height in the mail's one column; the file may have more pixels."""
        width = min(self.width, COLUMN)
        return width, round(self.height * width / self.width)


About = tuple[dict[str, Any], list[Problem]]  # what a template is told, and what is wrong
Pictures = Callable[[Picture], PictureFile | None]  # None: its file is not to be had


@dataclass(frozen=True)
class Part:
    """One block of an issue in both parts of the mail."""

    html: SafeString
    text: str
    problems: list[Problem]


@dataclass(frozen=True)
class Draft:
    """A mail that can be looked at; `problems` keep it from being sent."""

    subject: str
    html: str
    text: str
    problems: list[Problem]


def compose(page: NewsletterIssuePage, pictures: Pictures) -> Draft:
    """The mail of a page as it stands in memory, in the page's language."""
    with override(page.locale.language_code), addresses_anew():
        expect(linked_pages(page))
        parts = list(_parts(page.body, pictures))
        home = published(NodePage, page.locale).first()
        context = _around(page, home) | {"parts": parts}
        html = render_to_string(f"{TEMPLATES}/issue.html", context)
        text = wrapped(render_to_string(f"{TEMPLATES}/issue.txt", context))
    return Draft(page.subject, finished(html), text, list(_problems(page, parts, home)))


def _around(page: NewsletterIssuePage, home: NodePage | None) -> dict[str, Any]:
    return {
        "page": page,
        "subject": page.subject,
        "preheader": page.preheader or page.summary or page.title,
        "padding": PADDING,
        "sender": sender_in(page.locale.language_code),
        "language": page.locale.language_code,
        "home": f"{settings.SITE_URL}/{page.locale.language_code}/",
        "host": home,
        "manage_link": MANAGE_LINK,
        "unsubscribe_link": UNSUBSCRIBE_LINK,
        "web_address": full_url(page),
    }


def _parts(body: StreamValue, pictures: Pictures) -> Iterator[Part]:
    for number, (block, is_below_heading) in enumerate(with_levels(body), start=1):
        about, problems = _about(block, pictures)
        context = {"value": block.value, "tag": "h3" if is_below_heading else "h2"} | about
        template = f"{TEMPLATES}/{block.block_type}"
        html = render_to_string(f"{template}.html", context)
        text = render_to_string(f"{template}.txt", context).strip()
        found = [*problems, *checks.of_part(html)]
        told = gettext_noop("Block %(number)d (%(kind)s): %(problem)s")
        where = {"number": number, "kind": block.block.label}
        named = [Problem(told, problem=problem, **where) for problem in found]
        yield Part(mark_safe(html), text, named)  # noqa: S308  a template's


def _about(block: StreamValue.StreamChild, pictures: Pictures) -> About:
    """What a block's mail templates need beside its value, and what it lacks."""
    match block.block_type:
        case "picture":
            return _about_picture(block.value, pictures)
        case "button":
            return _about_button(block.value)
        case "news" | "events":
            return _about_pages(chosen_pages(block.value))
    return {}, []


def _about_picture(value: dict[str, Any], pictures: Pictures) -> About:
    image = value.get("image")
    file = pictures(image) if image else None
    if image is None or file is None:
        name = image.title if image else "?"
        lost = gettext_noop("the file of the picture “%(name)s” is missing: upload it again.")
        return {}, [Problem(lost, name=name)]
    width, height = file.shown
    about = {
        "address": settings.SITE_URL + default_storage.url(file.name),
        "width": width,
        "height": height,
        "alt": "" if image.decorative else image.contextual_alt_text or "",
    }
    return {"picture": about}, list(_problems_of_picture(image, file))


def _problems_of_picture(image: Picture, file: PictureFile) -> Iterator[Problem]:
    heavy = gettext_noop(
        "the picture “%(name)s” has %(size)d kB: more than %(limit)d kB load too slowly in a mail."
    )
    if file.weight > HEAVIEST_PICTURE:
        size, limit = file.weight // 1000, HEAVIEST_PICTURE // 1000
        yield Problem(heavy, name=image.title, size=size, limit=limit)
    silent = gettext_noop("say what the picture “%(name)s” shows, or tick that it only decorates.")
    if not image.decorative and not (image.contextual_alt_text or "").strip():
        yield Problem(silent, name=image.title)


def _about_button(value: Any) -> About:  # noqa: ANN401  a StructValue
    href = value.href
    address = as_uri(settings.SITE_URL + href if href.startswith("/") else href)
    gone = gettext_noop("the button “%(label)s” leads to no page that visitors may see.")
    return {"address": address}, [] if address else [Problem(gone, label=value["label"])]


def _about_pages(chosen: Chosen) -> About:
    for page in chosen.shown:
        page.address = full_url(page)
    hidden = gettext_noop("“%(title)s” is not published.")
    return {"pages": chosen.shown}, [Problem(hidden, title=title) for title in chosen.hidden]


def _problems(
    page: NewsletterIssuePage, parts: list[Part], home: NodePage | None
) -> Iterator[Problem]:
    for part in parts:
        yield from part.problems
    if not parts:
        yield Problem(gettext_noop("The issue is empty: it has no block."))
    if home is None or not home.host_name or not home.host_address:
        yield Problem(
            gettext_noop(
                "The home page in this language does not give its host and address, which every"
                " mail has to name."
            )
        )
    yield from checks.of_words(page.title, page.summary, page.preheader, page.subject)
