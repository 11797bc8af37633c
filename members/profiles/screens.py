"""Screens of the admin for what we say of biobanks: the list of what is missing, form, letter."""

from typing import Any

import django_filters
from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.generic import DetailView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldRowPanel, HelpPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import SnippetViewSet

from members.models import BiobankProfile
from members.profiles.asking import QUESTIONS, not_known, to_confirm, where_not_known
from members.profiles.form import ProfileForm, panels_of
from members.viewsets import KeptByImportPolicy, NothingToTick


class NotKnown(Column):
    """What nobody has confirmed, in words."""

    def get_value(self, instance: BiobankProfile) -> str:
        questions = not_known(instance.facts.all())
        return ", ".join(str(question.label) for question in questions) or "-"


class ProfileList(NothingToTick):
    def get_list_more_buttons(self, instance: BiobankProfile) -> list[Button]:
        address = reverse("biobank_letter", args=[instance.pk])
        letter = Button(_("Letter to ask it"), address, icon_name="mail", priority=20)
        return [*super().get_list_more_buttons(instance), letter]


class ProfileFilterSet(WagtailFilterSet):
    unknown = django_filters.ChoiceFilter(
        label=_("Not known"),
        choices=[(question.name, question.label) for question in QUESTIONS],
        method="of_unknown",
    )

    class Meta:
        model = BiobankProfile
        fields = ["own_language"]

    def of_unknown(
        self, profiles: QuerySet[BiobankProfile], name: str, asked: str
    ) -> QuerySet[BiobankProfile]:
        question = next(one for one in QUESTIONS if one.name == asked)
        return where_not_known(profiles, question)


class ProfileViewSet(SnippetViewSet):
    model = BiobankProfile
    index_view_class = ProfileList
    icon = "edit"
    menu_label = _("What we say of them")
    list_display = [
        "biobank",
        Column("own_language", label=_("Language"), accessor="get_own_language_display"),
        NotKnown("not_known", label=_("Not known")),
    ]
    list_per_page = 50
    filterset_class = ProfileFilterSet
    search_fields = ["biobank__name", "biobank__acronym", "facts__value"]
    ordering = ["biobank__name"]
    copy_view_enabled = False
    permission_policy = KeptByImportPolicy(BiobankProfile)
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(template="members/admin/profile_help.html"),
                    FieldRowPanel(["own_language", "name_language"]),
                    *panels_of(""),
                ],
                heading=_("In all languages"),
            ),
            *(
                ObjectList(panels_of(language), heading=name)
                for language, name in settings.LANGUAGES
            ),
        ],
        base_form_class=ProfileForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[BiobankProfile]:
        return BiobankProfile.objects.select_related("biobank").prefetch_related("facts")


class LetterView(PermissionRequiredMixin, DetailView):
    """The text of a letter that asks a biobank for what is not known of it, to copy."""

    permission_required = "members.view_biobankprofile"
    raise_exception = True
    template_name = "members/admin/letter.html"
    queryset = BiobankProfile.objects.select_related("biobank").prefetch_related("facts")
    context_object_name = "profile"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        profile: BiobankProfile = self.object
        wished = self.request.GET.get("language", "")
        offered = dict(settings.LANGUAGES)
        language = wished if wished in offered else profile.default_preview_mode
        return super().get_context_data(**kwargs) | {
            "page_title": format_lazy(_("Letter to {name}"), name=profile.biobank.name),
            "header_icon": "mail",
            "languages": settings.LANGUAGES,
            "letter_language": language,
            "letter": letter_to(profile, language),
        }


def letter_to(profile: BiobankProfile, language: str) -> str:
    facts = list(profile.facts.all())
    with override(language):
        about = {
            "name": profile.biobank.name,
            "asked": not_known(facts),
            "unsure": to_confirm(facts),
        }
        return render_to_string("members/admin/letter.txt", about).strip()
