"""What the newsletter's screens share."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import Permission
from django.db.models import BigIntegerField, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, register_converter, reverse
from django.urls.converters import IntConverter
from django.utils.functional import Promise, cached_property
from wagtail.admin.admin_url_finder import NullAdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from newsletter.admin.permissions import MAY

Crumb = dict[str, Any]


class KeyConverter(IntConverter):
    """A number that a row can have; an address with a greater one leads nowhere."""

    def to_python(self, value: str) -> int:
        """Raises ValueError, which Django takes for another address."""
        key = int(value)
        if key > BigIntegerField.MAX_BIGINT:
            raise ValueError(value)
        return key


register_converter(KeyConverter, "key")


class WithWays:
    """Buttons in a screen's head, for who may go there."""

    request: HttpRequest
    ways: tuple[tuple[str, str | Promise, str, str], ...] = ()  # permission, label, name, icon

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        may = self.request.user.has_perm
        return [
            HeaderButton(label, url=self.way_to(name), icon_name=icon)
            for permission, label, name, icon in self.ways
            if may(permission)
        ]

    def way_to(self, name: str) -> str:
        return reverse(name)


class Screen(WithWays, PermissionRequiredMixin, WagtailAdminTemplateMixin):
    """A screen of its own making, below a list. `permission_required` is always written."""

    raise_exception = True
    above: ClassVar[tuple[str, str | Promise] | None] = None  # the list: name of address, title

    def get_breadcrumbs_items(self) -> list[Crumb]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        above = [{"url": reverse(self.above[0]), "label": self.above[1]}] if self.above else []
        return [*self.breadcrumbs_items, *above, here]


class ListView(WithWays, generic.IndexView):
    """A list for who may look at its rows. Nothing is done to many rows at once."""

    any_permission_required = ["view"]
    template_name = "newsletter/admin/list.html"
    note: str | Promise = ""  # what the reader of the list must know

    def get_note(self) -> str:
        return str(self.note)


class ListViewSet(ModelViewSet):
    """A list that nothing is typed into, and the addresses that `more_urls` adds."""

    index_view_class = ListView
    copy_view_enabled = False
    add_to_reference_index = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = ("add", "edit", "delete", "history", "usage")
        none = {f"{name}_url_name": None for name in names}
        return super().get_common_view_kwargs(**(none | kwargs))

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """What a group can be permitted."""
        codenames = [f"{act}_{self.model_name}" for act in MAY[self.model_name]]
        return Permission.objects.filter(
            content_type__app_label=self.app_label, codename__in=codenames
        )

    @property
    def url_finder_class(self) -> type:
        return NullAdminURLFinder

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            *self.more_urls(),
        ]

    def more_urls(self) -> list[URLPattern]:
        return []
