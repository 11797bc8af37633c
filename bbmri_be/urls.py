"""Every address of the site. All but machines' addresses begin with a language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from bbmri_be import health
from members.asking import ask
from members.formats.dcat import catalogue_jsonld
from members.formats.downloads import biobanks_csv, biobanks_json, shortlist_csv
from newsletter.archive.feeds import IssueFeed
from newsletter.sending.reports import receive as receive_report
from newsletter.views.one_click import one_click
from pages.formats.calendars import event_calendar, events_calendar
from pages.formats.feeds import NewsFeed
from pages.formats.sitemaps import sitemap, sitemap_index
from pages.search.views import search
from pages.views import manifest, robots, security, to_home
from visitors.media import document, picture_size
from visitors.views import display_settings, save_choice, save_display

handler400 = "visitors.errors.bad_request"
handler403 = "visitors.errors.permission_denied"
handler404 = "visitors.errors.page_not_found"
handler500 = "visitors.errors.server_error"

urlpatterns = [
    path("", to_home),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("robots.txt", robots),
    path("site.webmanifest", manifest),
    path("sitemap.xml", sitemap_index),
    path("sitemap-<slug:kind>.xml", sitemap, name="sitemap"),
    path("catalogue.jsonld", catalogue_jsonld),
    path(".well-known/security.txt", security),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("img/favicon.ico"))),
    path(f"{settings.ADMIN_PATH}/", include(wagtailadmin_urls)),
    re_path(r"^documents/(\d+)/(.*)$", document, name="wagtaildocs_serve"),
    path("documents/", include(wagtaildocs_urls)),
    # Sizes made of pictures and nothing else of the media folder: originals, documents stay closed.
    path("media/images/<path:path>", picture_size),
    path("preferences/", save_display),
    path("cookies/", save_choice),
    path("webhooks/anymail/<slug:provider>/tracking/", receive_report),
    path("newsletter/one-click/<path:token>/", one_click, name="newsletter_one_click"),
    path("newsletter/one-click/<path:token>", one_click),  # a machine may cut the slash (RFC 8058)
    *i18n_patterns(
        path("display-settings/", display_settings, name="display_settings"),
        path("search/", search, name="search"),
        path("newsletter/", include("newsletter.urls")),
        path("newsletter/issues/feed/", IssueFeed(), name="issue_feed"),
        path("news/feed/", NewsFeed(), name="news_feed"),
        path("events/feed.ics", events_calendar, name="events_calendar"),
        path("events/<slug:slug>.ics", event_calendar, name="event_calendar"),
        path("biobanks.csv", biobanks_csv, name="biobanks_csv"),
        path("biobanks.json", biobanks_json, name="biobanks_json"),
        path("biobanks/shortlist.csv", shortlist_csv, name="shortlist_csv"),
        path("biobanks/shortlist/ask/", ask, name="ask_for_collections"),
        # Wagtail's own screen for visitors who sign in, which this site has none of.
        path("_util/login/", RedirectView.as_view(url=settings.WAGTAIL_FRONTEND_LOGIN_URL)),
        path("", include(wagtail_urls)),
    ),
]
