"""Topics: each with its name in every language."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views import generic

from newsletter.admin.screens import ListView
from newsletter.models import Topic, TopicLabel

WORDS = ("name", "description")


class TopicForm(forms.ModelForm):
    """The topic and its words, every language at once. The short name is chosen once."""

    class Meta:
        model = Topic
        fields = ["slug", "position", "offered"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_stored = self.instance.pk is not None
        self.fields["slug"].disabled = is_stored
        said = {label.language: label for label in self.instance.labels.all()} if is_stored else {}
        for code, language in settings.LANGUAGES:
            for word in WORDS:
                field = TopicLabel._meta.get_field(word).formfield()
                field.label = f"{field.label} ({language})"
                field.initial = getattr(said.get(code), word, "")
                self.fields[f"{word}_{code}"] = field

    @transaction.atomic
    def save(self, commit: bool = True) -> Topic:
        topic: Topic = super().save(commit=commit)
        for order, (code, _language) in enumerate(settings.LANGUAGES):
            words = {word: self.cleaned_data[f"{word}_{code}"] for word in WORDS}
            TopicLabel.objects.update_or_create(
                topic=topic, language=code, defaults=words | {"sort_order": order}
            )
        return topic


class TopicList(ListView):
    any_permission_required = ["add", "change", "delete", "view"]
    note = gettext_lazy("What people can choose to hear about, in the order of the sign-up form.")

    def get_base_queryset(self) -> QuerySet[Topic]:
        counted = Topic.objects.annotate(held_by=Count("subscriptions"))
        return counted.order_by("position", "slug").prefetch_related("labels")


class DeleteTopicView(generic.DeleteView):
    """Refused while anybody has the topic: they agreed to it."""

    template_name = "newsletter/admin/delete_topic.html"

    @property
    def refusal(self) -> str:
        count = self.object.subscriptions.count()
        if not count:
            return ""
        return ngettext(
            "%(count)d subscriber has this topic, so it can't be deleted. Take it out of the"
            " sign-up form instead: edit it and untick “offered”.",
            "%(count)d subscribers have this topic, so it can't be deleted. Take it out of the"
            " sign-up form instead: edit it and untick “offered”.",
            count,
        ) % {"count": count}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except ProtectedError:
            messages.error(request, self.refusal or _("Somebody has just chosen this topic."))
            return redirect(self.get_success_url())
