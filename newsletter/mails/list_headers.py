"""The headers of a mail that goes to many, who can leave by a button of their mail program."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from newsletter.models import NewsletterIndexPage
from pages.tree.addresses import full_url
from pages.tree.published import published


def address_with(token: str, url_name: str, language: str) -> str:
    """A page of ours that reads a token."""
    with override(language):
        return settings.SITE_URL + reverse(url_name, args=[token])


def one_click_address(token: str) -> str:
    """Of no language: it is the person's own, which may change."""
    return address_with(token, "newsletter_one_click", settings.LANGUAGE_CODE)


def archive_address(language: str) -> str:
    index = published(NewsletterIndexPage).filter(locale__language_code=language).first()
    return full_url(index) if index else ""


def list_headers(one_click: str, archive: str) -> dict[str, str]:
    """RFC 2369, RFC 2919, RFC 8058. Both addresses in full; `archive` may be empty."""
    leave = f"<{one_click}>"
    if settings.UNSUBSCRIBE_MAILTO:
        leave += f", <mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>"
    headers = {
        "List-Id": f"<news.{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": leave,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }
    return headers | ({"List-Archive": f"<{archive}>"} if archive else {})
