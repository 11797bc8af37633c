from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Models are not loadable before the registry is ready.
        from wagtail_localize.models import TranslationSource  # noqa: PLC0415  needs the registry

        from pages import signals  # noqa: F401, PLC0415  they register themselves
        from pages.releases import rows  # noqa: PLC0415  needs the registry
        from visitors.notice import first_notice, notices  # noqa: PLC0415  needs the registry

        rows.kinds["visitors.cookie_notice"] = rows.Kind(
            notices.CookieNotice,
            "visitors.add_cookienotice",
            "cookie_notice",
            first_notice.release,
            first_notice.now,
        )

        # It would write a copy of the source's restriction, which outlives it, or delete the
        # translation's own: pages.tree.published closes translations, and writes nothing.
        TranslationSource.sync_view_restrictions = lambda *_pages: None
