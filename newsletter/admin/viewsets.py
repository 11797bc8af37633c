"""The newsletter in the admin's menu."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup

from newsletter.admin import consent_texts, filters, lists, topics
from newsletter.admin.mailings.lists import MailingViewSet
from newsletter.admin.people import exports, imports, subscribers, suppressions
from newsletter.admin.people.finding import FindView
from newsletter.admin.screens import ListViewSet
from newsletter.models import ConsentText, Delivery, SignUp, Subscriber, Suppression, Topic


def subscriber_link(row: Delivery) -> str | None:
    pk = row.subscriber_id
    return reverse("subscribers:inspect", args=[pk]) if pk else None


def subscriber_name(row: Delivery) -> str:
    return f"{Subscriber._meta.verbose_name} {row.subscriber_id}" if row.subscriber_id else ""


def lift_link(row: Suppression) -> str | None:
    return None if row.lifted_at else reverse("suppressions:lift", args=[row.pk])


def lift_words(row: Suppression) -> str:
    return "" if row.lifted_at else _now("Lift")


def topic_names(subscriber: Subscriber) -> str:
    return ", ".join(map(str, subscriber.topics.all()))


def said_of(delivery: Delivery) -> str:
    """Why it was not sent, or what the mail server said."""
    server = f"{delivery.error_code} {delivery.error_text}".strip()
    return ": ".join(filter(None, (delivery.get_skip_reason_display(), server)))


class LinkColumn(TitleColumn):
    """A link in some rows, and nothing in others."""

    empty_value_display = ""


class SubscriberURLFinder(ModelAdminURLFinder):
    """From the log to the subscriber, for who may look."""

    edit_url_name = "subscribers:inspect"

    def get_edit_url(self, instance: Subscriber) -> str | None:
        may_look = not self.user or self.user.has_perm("newsletter.view_subscriber")
        return self.construct_edit_url(instance) if may_look else None


class SubscriberViewSet(ListViewSet):
    name = "subscribers"
    url_prefix = "newsletter/subscribers"
    model = Subscriber
    icon = "user"
    inspect_view_enabled = True
    index_view_class = lists.SubscriberList
    filterset_class = filters.SubscriberFilterSet
    ordering = "-confirmed_at"
    list_display = [
        TitleColumn("address", label=_("Address"), sort_key="key", url_name="subscribers:inspect"),
        Column("get_state_display", label=_("State"), sort_key="state"),
        Column("language", label=_("Language"), sort_key="language"),
        Column("topics", label=_("Topics"), accessor=topic_names),
        Column("version", label=_("Text"), accessor="consent_text.version"),
        DateColumn("confirmed_at", label=_("Confirmed"), sort_key="confirmed_at"),
    ]

    @property
    def url_finder_class(self) -> type:
        return SubscriberURLFinder

    def more_urls(self) -> list[URLPattern]:
        return [
            path("find/", FindView.as_view(), name="find"),
            path("export/", exports.ExportView.as_view(), name="export"),
            path("import/", imports.ImportView.as_view(), name="import"),
            path("import/template/", imports.TemplateFileView.as_view(), name="import_template"),
            path("<key:pk>/", subscribers.SubscriberView.as_view(), name="inspect"),
            path("<key:pk>/stop/", subscribers.StopView.as_view(), name="stop"),
            path(
                "<key:pk>/unreachable/", subscribers.UnreachableView.as_view(), name="unreachable"
            ),
            path("<key:pk>/erase/", subscribers.EraseView.as_view(), name="erase"),
        ]


class SignUpViewSet(ListViewSet):
    name = "sign_ups"
    url_prefix = "newsletter/sign-ups"
    model = SignUp
    icon = "time"
    index_view_class = lists.SignUpList
    filterset_class = filters.SignUpFilterSet
    ordering = "-made_at"
    list_display = [
        Column("masked", label=_("Address")),
        Column("get_state_display", label=_("State"), sort_key="state"),
        Column("get_origin_display", label=_("From"), sort_key="origin"),
        Column("language", label=_("Language"), sort_key="language"),
        DateColumn("made_at", label=_("Asked for"), sort_key="made_at"),
        DateColumn("decided_at", label=_("Decided")),
    ]


class ConsentTextViewSet(ListViewSet):
    name = "consent_texts"
    url_prefix = "newsletter/consent-texts"
    model = ConsentText
    icon = "clipboard-list"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", consent_texts.TextsView.as_view(), name="index"),
            path("publish/", consent_texts.PublishView.as_view(), name="publish"),
            path("ask-anew/", consent_texts.ReconsentView.as_view(), name="reconsent"),
            path("<key:version>/", consent_texts.TextView.as_view(), name="version"),
        ]


class TopicViewSet(ListViewSet):
    name = "newsletter_topics"
    url_prefix = "newsletter/topics"
    model = Topic
    icon = "tag"
    index_view_class = topics.TopicList
    delete_view_class = topics.DeleteTopicView
    delete_template_name = topics.DeleteTopicView.template_name
    list_display = [
        "__str__",
        "slug",
        "position",
        BooleanColumn("offered", label=_("Offered")),
        Column("held_by", label=_("Subscribers")),
    ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = {f"{act}_url_name": self.get_url_name(act) for act in ("add", "edit", "delete")}
        return super().get_common_view_kwargs(**(names | kwargs))

    def get_form_class(self, for_update: bool = False) -> type[topics.TopicForm]:
        return topics.TopicForm

    def more_urls(self) -> list[URLPattern]:
        return [
            path("new/", self.add_view, name="add"),
            path("edit/<key:pk>/", self.edit_view, name="edit"),
            path("delete/<key:pk>/", self.delete_view, name="delete"),
        ]


class SuppressionViewSet(ListViewSet):
    name = "suppressions"
    url_prefix = "newsletter/suppressions"
    model = Suppression
    icon = "no-view"
    index_view_class = lists.SuppressionList
    filterset_class = filters.SuppressionFilterSet
    ordering = "-since"
    list_display = [
        DateColumn("since", label=_("Since"), sort_key="since"),
        Column("get_reason_display", label=_("Reason"), sort_key="reason"),
        DateColumn("lifted_at", label=_("Lifted"), sort_key="lifted_at"),
        LinkColumn("lift", label=_("Change"), accessor=lift_words, get_url=lift_link),
    ]

    def more_urls(self) -> list[URLPattern]:
        return [
            path("enter/", suppressions.EnterView.as_view(), name="enter"),
            path("<key:pk>/lift/", suppressions.LiftView.as_view(), name="lift"),
        ]


class DeliveryViewSet(ListViewSet):
    name = "deliveries"
    url_prefix = "newsletter/deliveries"
    model = Delivery
    icon = "mail"
    menu_label = _("Service mails")
    index_view_class = lists.DeliveryList
    filterset_class = filters.DeliveryFilterSet
    ordering = "-pk"
    list_display = [
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        LinkColumn("to", label=_("To"), accessor=subscriber_name, get_url=subscriber_link),
        Column("get_state_display", label=_("State"), sort_key="state"),
        Column("said", label=_("Why not, or what the server said"), accessor=said_of),
        Column("attempts", label=_("Attempts"), sort_key="attempts"),
        DateColumn("made_at", label=_("Made"), sort_key="made_at"),
        DateColumn("finished_at", label=_("Settled"), sort_key="finished_at"),
    ]


class NewsletterViewSetGroup(ModelViewSetGroup):
    items = (
        MailingViewSet,
        SubscriberViewSet,
        SignUpViewSet,
        ConsentTextViewSet,
        TopicViewSet,
        SuppressionViewSet,
        DeliveryViewSet,
    )
    menu_label = _("Newsletter")
    menu_icon = "mail"
    menu_order = 255
