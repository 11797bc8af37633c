"""An issue of which there is a mailing stays: with it would go the record of what was sent."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.models import Page

from newsletter.models import NewsletterIssuePage


def refusal(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """The answer to somebody who would delete these pages and all below; None where they may."""
    within = Q(pk=None)
    for page in pages:
        within |= Q(path__startswith=page.path)
    issue = NewsletterIssuePage.objects.filter(within, mailings__isnull=False).first()
    if issue is None:
        return None
    told = _("“%(issue)s” stays: a mailing of it was prepared or sent. Unpublish it instead.")
    messages.error(request, told % {"issue": issue.title})
    return redirect("wagtailadmin_explore", issue.get_parent().pk)
