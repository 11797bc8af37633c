from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "bbmri_be"
    verbose_name = "BBMRI.be"

    def ready(self) -> None:
        from bbmri_be import checks  # noqa: F401, PLC0415  registers itself, after the registry is up
