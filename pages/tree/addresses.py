"""Full addresses for those who are not on the site: feeds, calendars, sitemaps, mails."""

from django.conf import settings
from wagtail.models import Page


def full_url(page: Page) -> str:
    """The public address of a page, by SITE_URL: Wagtail's record of the site may lag behind."""
    parts = page.get_url_parts()
    return settings.SITE_URL + ((parts and parts[2]) or "/")
