"""An approved issue made into the mail that goes out, which no later edit changes."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_noop
from wagtail.models import Revision

from newsletter.issues.composing import HEAVIEST_PICTURE, Draft, PictureFile, compose
from newsletter.models.issues import NewsletterIssuePage
from newsletter.proofreading import checks
from newsletter.proofreading.problems import Problem
from pages.models import Picture
from pages.models.pictures import UNREADABLE
from pages.pictures import make_sizes
from worker.mails import validate_header_line

FOLDER = "images/mail"  # of the media: pictures of mails, by the hash of what is in them


@dataclass(frozen=True)
class Frozen:
    """A mail as it goes out, but for each reader's own links."""

    subject: str
    html: str
    text: str

    @property
    def sha256(self) -> str:
        """Of all three, so that nothing of what was approved can be exchanged."""
        return sha256(json.dumps([self.subject, self.html, self.text]).encode()).hexdigest()


class CannotFreeze(Exception):  # noqa: N818  it reads as what happens
    """Something must be mended first. `problems`: what, in the editor's language."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def freeze(revision: Revision) -> Frozen:
    """Make the mail of a revision of an issue. Raises CannotFreeze with all that is in the way."""
    page = revision.as_object()
    draft = compose(page, kept_picture)
    problems = all_problems(page, draft)
    if problems:
        raise CannotFreeze(problems)
    return Frozen(draft.subject, draft.html, draft.text)


def all_problems(page: NewsletterIssuePage, draft: Draft) -> list[str]:
    """In the order of the page, each once."""
    found = [*problems_of_head(page), *draft.problems]
    of_blocks = {str(problem.about.get("problem")) for problem in draft.problems}
    whole = checks.of_mail(draft.html, draft.text)
    found += [problem for problem in whole if str(problem) not in of_blocks]
    return list(dict.fromkeys(map(str, found)))


def problems_of_head(page: NewsletterIssuePage) -> list[Problem]:
    if not page.subject.strip():
        return [Problem(gettext_noop("The issue has no subject."))]
    try:
        validate_header_line(page.subject)
        validate_header_line(page.preheader)
    except ValidationError:
        return [Problem(gettext_noop("Subject and preheader must be one line each."))]
    return []


def picture_seen(picture: Picture) -> PictureFile | None:
    """What the mail would show, for who only looks at it: nothing is made."""
    if not default_storage.exists(picture.file.name):
        return None
    return _made_before(picture) or PictureFile(picture.file.name, picture.width, picture.height)


def kept_picture(picture: Picture) -> PictureFile | None:
    """A copy for the mail alone: the picture may change or go, the mail in a mailbox stays."""
    made = _made(picture)
    if made is None:
        return None
    try:
        content = default_storage.open(made.name).read()
    except UNREADABLE:
        return None
    ending = PurePosixPath(made.name).suffix
    name = f"{FOLDER}/{sha256(content).hexdigest()[:32]}{ending}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(content))
    return replace(made, name=name)


def _made(picture: Picture) -> PictureFile | None:
    """The size for mails, made anew where it is lost. None where the picture itself is."""
    if not default_storage.exists(picture.file.name):
        return None
    made = _made_before(picture)
    if made is None:
        picture.renditions.all().delete()
        make_sizes(picture)
        made = _made_before(picture)
    return made


def _made_before(picture: Picture) -> PictureFile | None:
    """Of the JPEGs made when the picture was saved, the largest that is light enough for a mail."""
    sizes = (picture.sizes.get("wide") or {}).get("jpeg", [])
    try:
        files = [
            PictureFile(name, width, height, default_storage.size(name))
            for name, width, height in sizes
        ]
    except UNREADABLE:
        return None
    light = [file for file in files if file.weight <= HEAVIEST_PICTURE]
    return light[-1] if light else next(iter(files), None)
