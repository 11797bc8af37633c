"""The screens on which editors add words for diseases and correct them."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from members.diseases.ranges import Level
from members.diseases.understanding import understand
from members.models import Concept


class ConceptForm(WagtailAdminModelForm):
    """Gives a new row its key, and a changed one today as the day on which it was checked."""

    def save(self, commit: bool = True) -> Concept:
        row: Concept = self.instance
        if not row.key:
            names = (form.cleaned_data.get("name") for form in self.formsets["names"].forms)
            row.give_key(next(filter(None, names), ""))
        elif self.has_changed() and "checked" not in self.changed_data:
            row.checked = timezone.localdate()
        saved: Concept = super().save(commit)
        return saved


class ConceptList(IndexView):
    def search_queryset(self, queryset: QuerySet[Concept]) -> QuerySet[Concept]:
        """What readers would be led to, and what has these letters anywhere; each row once."""
        if not self.is_searching:
            return queryset
        meant = understand(self.search_query).matches
        keys = [match.row.key for match in meant if match.level == Level.EXACT]
        having = super().search_queryset(queryset).order_by().values("pk")
        return queryset.filter(Q(key__in=keys) | Q(pk__in=having))


class ConceptViewSet(SnippetViewSet):
    model = Concept
    index_view_class = ConceptList
    icon = "tag"
    menu_label = _("Diseases and words")
    list_display = ["__str__", "codes", "orpha", "kind", "checked"]
    list_filter = ["kind"]
    list_per_page = 50
    search_fields = ["key", "codes", "orpha", "other_words", "names__name", "names__others"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldRowPanel(["kind", "checked"]),
            FieldRowPanel(["codes", "orpha"]),
            InlinePanel(
                "names",
                [FieldRowPanel(["language", "name"]), "others"],
                heading=_("Names, one a language"),
                label=_("Name"),
                min_num=1,
                max_num=len(settings.LANGUAGES),
            ),
            FieldPanel("other_words"),
            "note",
        ],
        base_form_class=ConceptForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concept]:
        return Concept.objects.with_names()
