"""An issue before it is sent, as each kind of reader will have it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import override
from wagtail.users.models import UserProfile

from newsletter.issues.composing import Draft, compose
from newsletter.issues.freezing import all_problems, picture_seen
from newsletter.personal import INERT, personal_html, personal_text

if TYPE_CHECKING:
    from newsletter.models import NewsletterIssuePage

DARK_RULES = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")[^"]*"')
NO_PICTURE = "data:,"
PLAIN_LOOK = "white-space:pre-wrap;overflow-wrap:anywhere;font-size:16px;margin:24px"
# A mail runs nothing and loads only pictures; Wagtail's panel frames it.
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)


def preview(page: "NewsletterIssuePage", request: HttpRequest, mode: str) -> HttpResponse:
    """A page as it is typed, in one of the modes that are mails."""
    draft = compose(page, picture_seen)
    if mode == "checks":
        return as_mail(_checks(page, draft, request))
    return as_mail(SHOWN[mode](draft))


def _checks(page: "NewsletterIssuePage", draft: Draft, request: HttpRequest) -> str:
    """In the language of who looks, which need not be the page's."""
    profiles = UserProfile.objects.filter(user=request.user.pk)  # none of a preview without a user
    language = profiles.values_list("preferred_language", flat=True).first()
    with override(language or settings.LANGUAGE_CODE):
        context = {"problems": all_problems(page, draft), "size": len(draft.html.encode()) // 1000}
        return render_to_string("newsletter/issue_checks.html", context)


def as_mail(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _mail(draft: Draft) -> str:
    return personal_html(draft.html, INERT)


def _dark(draft: Draft) -> str:
    """As dark mode draws it, with the alternative texts of pictures that a program leaves out."""
    dark = DARK_RULES.sub("@media all", _mail(draft))
    scheme = dark.replace("color-scheme:light dark", "color-scheme:dark")
    return SOURCE.sub(rf'\g<1>{NO_PICTURE}"', scheme)


def _text(draft: Draft) -> str:
    return format_html(
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{}</title></head>'
        '<body><pre style="{}">{}</pre></body></html>',
        draft.subject,
        PLAIN_LOOK,
        personal_text(draft.text, INERT),
    )


SHOWN: dict[str, Callable[[Draft], str]] = {"mail": _mail, "dark": _dark, "text": _text}
