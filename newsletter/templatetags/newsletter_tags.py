"""The newsletter as other rooms' templates show it."""

from django import template
from django.conf import settings

from newsletter.views.forms import HONEYPOT, SignUpForm
from newsletter.views.sign_up import sign_up_form
from worker import sending_mark

register = template.Library()


@register.simple_tag
def empty_sign_up_form() -> SignUpForm | None:
    """The same for everybody, so that the page around it can be kept."""
    return sign_up_form()


@register.simple_tag
def honeypot() -> str:
    """Name of the field that only programs fill in."""
    return HONEYPOT


@register.simple_tag
def days_kept(what: str) -> int:
    return settings.NEWSLETTER_DAYS[what]


@register.simple_tag
def why_nothing_is_sent() -> str:
    """What the worker found last; empty where mail goes out."""
    return sending_mark.last_found()


@register.filter
def language_name(code: str) -> str:
    """A language's name in the language of the page."""
    return str(dict(settings.LANGUAGES).get(code, code))


@register.filter
def leads_away(address: str) -> bool:
    """Whether a link leads to another site."""
    return not f"{address}/".startswith(f"{settings.SITE_URL}/")
