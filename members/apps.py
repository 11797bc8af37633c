from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members of the node")

    def ready(self) -> None:
        from members import structured_data  # noqa: F401, PLC0415  models are not loadable before
