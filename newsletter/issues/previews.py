"""An issue before it is sent, as each kind of reader will have it."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.users.models import UserProfile

from newsletter.issues.composing import Draft, compose
from newsletter.issues.freezing import all_problems, picture_seen
from newsletter.models.issues import NewsletterIssuePage, Preview
from newsletter.personal import inert

DARK_RULES = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")[^"]*"')
NO_PICTURE = "data:,"
PLAIN_LOOK = "white-space:pre-wrap;overflow-wrap:anywhere;font-size:16px;margin:24px"
# A mail runs nothing and loads only pictures; Wagtail's panel frames it.
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)


def as_mail(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _draft(page: NewsletterIssuePage) -> Draft:
    """Of a page as it is typed."""
    return compose(page, picture_seen)


def _html(page: NewsletterIssuePage) -> str:
    return inert(_draft(page).html)


def _mail(page: NewsletterIssuePage, _request: HttpRequest) -> HttpResponse:
    return as_mail(_html(page))


def _dark(page: NewsletterIssuePage, _request: HttpRequest) -> HttpResponse:
    """As dark mode draws it, with the alternative texts of pictures that a program leaves out."""
    dark = DARK_RULES.sub("@media all", _html(page))
    scheme = dark.replace("color-scheme:light dark", "color-scheme:dark")
    return as_mail(SOURCE.sub(rf'\g<1>{NO_PICTURE}"', scheme))


def _text(page: NewsletterIssuePage, _request: HttpRequest) -> HttpResponse:
    draft = _draft(page)
    html = format_html(
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{}</title></head>'
        '<body><pre style="{}">{}</pre></body></html>',
        draft.subject,
        PLAIN_LOOK,
        inert(draft.text),
    )
    return as_mail(html)


def _checks(page: NewsletterIssuePage, request: HttpRequest) -> HttpResponse:
    """In the language of who looks, which need not be the page's."""
    draft = _draft(page)
    profiles = UserProfile.objects.filter(user=request.user.pk)  # none of a preview without a user
    language = profiles.values_list("preferred_language", flat=True).first()
    with override(language or settings.LANGUAGE_CODE):
        context = {"problems": all_problems(page, draft), "size": len(draft.html.encode()) // 1000}
        return as_mail(render_to_string("newsletter/issue_checks.html", context))


PREVIEWS = {
    "mail": Preview(_("Mail"), _mail),
    "dark": Preview(_("Mail, dark, without pictures"), _dark),
    "text": Preview(_("Mail, text only"), _text),
    "checks": Preview(_("What still has to be mended"), _checks),
}
