from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkerConfig(AppConfig):
    name = "worker"
    verbose_name = _("Worker")

    def ready(self) -> None:
        from worker import checks  # noqa: F401, PLC0415  registers itself
