from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitorsConfig(AppConfig):
    name = "visitors"
    verbose_name = _("Visitors")

    def ready(self) -> None:
        from visitors.cache import invalidation  # noqa: F401, PLC0415  models are not loadable before the registry is ready
