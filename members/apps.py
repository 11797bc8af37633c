from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members of the node")

    def ready(self) -> None:
        # Models are not loadable before the registry is ready.
        from members import initial_biobanks  # noqa: PLC0415  needs the registry
        from members.diseases import first_rows, spreading  # noqa: PLC0415  need the registry
        from members.formats import sitemaps, structured_data  # noqa: F401, PLC0415  they register themselves
        from pages import initial_content  # noqa: PLC0415  needs the registry
        from pages.releases import rows  # noqa: PLC0415  needs the registry
        from pages.search import synonyms  # noqa: PLC0415  needs the registry

        initial_content.rows_wanted.connect(initial_biobanks.load)
        initial_content.rows_wanted.connect(first_rows.load)
        rows.kinds.update(initial_biobanks.KINDS | first_rows.KINDS)
        synonyms.sources.append(spreading.phrases)
