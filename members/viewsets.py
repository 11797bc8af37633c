"""Screens of the admin for biobanks, collections and the import."""

from typing import Any

import django_filters
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from members import codes
from members.forms import BiobankForm, NetworkSelect
from members.models import Biobank, Collection
from members.models.kept_with import network_choices

SHOWN = BooleanColumn("is_shown", label=_("Shown"))


class BiobankFilterSet(WagtailFilterSet):
    network = django_filters.ChoiceFilter(
        label=_("Network"), choices=network_choices, method="of_network"
    )
    city = django_filters.AllValuesFilter(label=_("City"))
    withdrawn = django_filters.BooleanFilter(
        label=_("Withdrawn"), field_name="withdrawn", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Biobank
        fields = ["source", "is_hidden"]

    def of_network(self, biobanks: QuerySet[Biobank], name: str, network: str) -> QuerySet[Biobank]:
        return biobanks.filter(memberships__network=network).distinct()


class CollectionFilterSet(WagtailFilterSet):
    material = django_filters.ChoiceFilter(
        label=_("Sample type"), choices=codes.Material.choices, method="of_material"
    )
    withdrawn = django_filters.BooleanFilter(
        label=_("Withdrawn"), field_name="withdrawn", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Collection
        fields = ["biobank", "source", "is_hidden"]

    def of_material(
        self, collections: QuerySet[Collection], name: str, code: str
    ) -> QuerySet[Collection]:
        return collections.filter(traits__kind=codes.TraitKind.MATERIAL, traits__code=code)


class NeverDeletedPolicy(ModelPermissionPolicy):
    """For rows that are withdrawn or hidden, whoever asks: old addresses lead to them."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class KeptByImportPolicy(NeverDeletedPolicy):
    """For rows that nobody makes here: they come with an import, or with their biobank."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)


class NothingToTick(IndexView):
    """A list without the boxes that lead to deleting."""

    @cached_property
    def columns(self) -> list[Column]:
        return [one for one in super().columns if not isinstance(one, BulkActionsCheckboxColumn)]

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Each row once, however many of its names and facts fit."""
        found: QuerySet[Any] = super().search_queryset(queryset)
        return queryset.filter(pk__in=found.order_by().values("pk"))


class BiobankViewSet(SnippetViewSet):
    model = Biobank
    index_view_class = NothingToTick
    permission_policy = NeverDeletedPolicy(Biobank)
    icon = "home"
    menu_label = _("Biobanks")
    list_display = ["name", "city", "source", "as_of", "withdrawn", SHOWN]
    list_per_page = 50
    filterset_class = BiobankFilterSet
    search_fields = [
        "name",
        "acronym",
        "profile__facts__value",
        "city",
        "other_names__name",
        "directory_id",
    ]
    ordering = ["name"]
    copy_view_enabled = False

    own_panels = [
        HelpPanel(template="members/admin/own_help.html"),
        "is_hidden",
        InlinePanel(
            "memberships",
            [
                FieldPanel("network", widget=NetworkSelect()),
                FieldRowPanel(["since", "until"]),
            ],
            heading=_("Networks"),
            label=_("Membership"),
        ),
        InlinePanel(
            "other_names",
            [FieldRowPanel(["name", "language", "kind"])],
            heading=_("Former and other names"),
            label=_("Name"),
        ),
        MultiFieldPanel(
            [FieldPanel("materials"), FieldPanel("categories")], heading=_("What it keeps")
        ),
        MultiFieldPanel(
            [
                "logo",
                FieldRowPanel(["city", "district", "postcode"]),
                "ror",
                "slug",
            ],
            heading=_("Facts of our own"),
        ),
    ]
    directory_panels = [
        HelpPanel(template="members/admin/directory_help.html"),
        "name",
        FieldRowPanel(["acronym", "juridical_person"]),
        FieldRowPanel(["directory_id", "pid"]),
        "candidate_id",
        "website",
        "description",
        FieldRowPanel(["latitude", "longitude"]),
        FieldRowPanel(["open_to_companies", "open_to_non_profit"]),
        "withdrawn",
        InlinePanel(
            "quality_marks",
            [
                FieldRowPanel(["standard", "level"]),
                FieldRowPanel(["certificate_number", "dated"]),
            ],
            heading=_("Quality marks"),
            label=_("Quality mark"),
        ),
        FieldRowPanel([FieldPanel("source", read_only=True), FieldPanel("as_of", read_only=True)]),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(own_panels, heading=_("Ours")),
            ObjectList(directory_panels, heading=_("From the Directory")),
        ],
        base_form_class=BiobankForm,
    )


def _read_only(*names: str) -> list[FieldPanel]:
    return [FieldPanel(name, read_only=True) for name in names]


class CollectionViewSet(SnippetViewSet):
    model = Collection
    index_view_class = NothingToTick
    icon = "list-ul"
    menu_label = _("Collections")
    list_display = [
        "label",
        "biobank",
        "directory_id",
        "as_of",
        "withdrawn",
        SHOWN,
    ]
    list_per_page = 50
    filterset_class = CollectionFilterSet
    search_fields = ["name", "acronym", "directory_id", "biobank__name"]
    ordering = ["directory_id"]
    copy_view_enabled = False
    permission_policy = KeptByImportPolicy(Collection)

    edit_handler = ObjectList(
        [
            "is_hidden",
            HelpPanel(template="members/admin/collection_help.html"),
            *_read_only("name", "acronym", "biobank", "directory_id", "parent", "description"),
            FieldRowPanel(_read_only("size", "size_magnitude", "donors", "donors_magnitude")),
            FieldRowPanel(_read_only("age_low", "age_high", "age_unit")),
            *_read_only("commercial_use", "access_description"),
            FieldRowPanel(_read_only("withdrawn", "source", "as_of")),
        ]
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return Collection.objects.select_related("biobank")
