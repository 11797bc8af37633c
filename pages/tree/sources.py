"""Which page a translation was made from: one in any language, as wagtail-localize keeps it."""

from django.db.models import OuterRef, QuerySet, Subquery
from wagtail.models import Page
from wagtail_localize.models import Translation


def translations_of(sources: QuerySet[Page]) -> QuerySet[Translation, tuple[str, str]]:
    """The path of each page that was made from one of these, and of the one it was made from."""
    key = {"translation_key": OuterRef("source__object_id")}
    own = sources.order_by().filter(locale=OuterRef("source__locale"), **key)
    other = Page.objects.order_by().filter(locale=OuterRef("target_locale"), **key)
    of_these = Translation.objects.filter(
        source__object_id__in=sources.order_by().values("translation_key")
    )
    return (
        of_these.annotate(own=_path(own), other=_path(other))
        .filter(own__isnull=False, other__isnull=False)
        .values_list("other", "own")
    )


def _path(page: QuerySet[Page]) -> Subquery:
    return Subquery(page.values("path")[:1])
