"""Views that are no page."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from pages.formats.reading import read_only
from pages.models import NodePage
from pages.tree.languages import offered
from pages.tree.published import published

SECURITY_TEXT_LASTS = timedelta(days=180)


@require_safe
def to_home(request: HttpRequest) -> HttpResponse:
    """From `/` to the home in the first language the visitor's browser asks for that has one."""
    response = HttpResponseRedirect(f"/{_wished_language(request, offered())}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _wished_language(request: HttpRequest, homes: set[str]) -> str:
    for wish, quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            language = get_supported_language_variant(wish)
        except LookupError:
            continue
        if quality and language in homes:
            return language
    ours = [code for code, _name in settings.LANGUAGES]
    return min(homes, key=ours.index, default=settings.LANGUAGE_CODE)


@read_only
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device shows of the site that keeps a link to it (W3C Web Application Manifest)."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    about = {"name": "BBMRI.be", "short_name": "BBMRI.be", "start_url": "/", "display": "browser"}
    about |= {"background_color": "#ffffff", "theme_color": "#003674"}
    return JsonResponse(about | {"icons": icons}, content_type="application/manifest+json")


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read; result lists are not worth it (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: /{code}/search/" for code, _name in settings.LANGUAGES)]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@read_only
def security(request: HttpRequest) -> HttpResponse:
    """Where to tell of a weakness (RFC 9116). Not found while the node gives no mailbox."""
    home = published(NodePage).exclude(mailbox="").order_by("pk").first()
    if home is None:
        raise Http404
    expires = (timezone.now() + SECURITY_TEXT_LASTS).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{home.mailbox}",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
