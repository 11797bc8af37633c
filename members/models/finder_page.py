"""The finder of biobanks; below it a page for each biobank and collection, and the shortlist."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.search import index

from members.describing.breakdown import breakdowns
from members.describing.listing import listing
from members.finder.catalogue import catalogue
from members.finder.finding import find
from members.finder.places import map_of
from members.finder.why import Told
from members.finder.wishes import wish_of
from members.models.biobanks import Biobank
from members.models.cards import card_of, card_of_collection
from members.models.collections import Collection
from members.models.kept_with import OldSlug
from members.models.profiles import BiobankProfile
from members.shortlists import (
    AS_THEY_ARE,
    MOST_CHOSEN,
    Shortlist,
    chosen_collections,
    renamed,
    where_now,
)
from pages.blocks.content import PROSE
from pages.listing import page_of
from pages.models.base import BasePage
from pages.tree.page_parts import PagePart, Step
from pages.tree.written import language_of


class BiobanksPage(RoutablePageMixin, BasePage):
    """The list of biobanks that a visitor narrows down."""

    PER_PAGE = 20
    keeps_query = True  # in another language the same is asked

    asking = RichTextField(
        _("how to ask for samples"),
        features=PROSE,
        blank=True,
        help_text=_("Shown on the page of each biobank and with a shortlist."),
    )
    objecting = RichTextField(
        _("how a patient objects"),
        features=PROSE,
        blank=True,
        help_text=_("Shown on the page of each biobank, below its own link where it has one."),
    )

    content_panels = [*BasePage.content_panels, "asking", "objecting"]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("asking"),
        index.SearchField("objecting"),
    ]
    parent_page_types = ["pages.NodePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("Biobanks")
        verbose_name_plural = _("Biobanks")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is said of biobanks is of the language of the words around it."""
        with override(language_of(self)):
            return renamed(request) or super().serve(request, *args, **kwargs)

    @path("")
    def finder(self, request: HttpRequest) -> TemplateResponse:
        known = catalogue()
        wish = wish_of(request.GET, known)
        found = find(wish, known)
        told = Told(found)
        rows = page_of(found.listed, request, self.PER_PAGE)
        rows.object_list = told.results(list(rows.object_list))
        context = {
            "catalogue": known,
            "wish": wish,
            "found": found,
            "told": told,
            "facets": found.facets,
            "rows": rows,
            "map": map_of(found.entries),
        }
        return self.shown(request, "members/biobanks_page.html", context)

    @path("shortlist/", name="shortlist")
    def shortlist(self, request: HttpRequest) -> TemplateResponse:
        chosen = chosen_collections(request.GET, Collection.objects.shown().with_traits())
        context = {"part": PagePart(_("Shortlist"))}
        response = self.shown(request, "members/shortlist.html", context, chosen)
        response.headers["X-Robots-Tag"] = "noindex"  # one person's choice
        return response

    @path("<slug:slug>/", name="biobank")
    def biobank(
        self, request: HttpRequest, slug: str
    ) -> TemplateResponse | HttpResponsePermanentRedirect:
        biobank = Biobank.objects.readable().with_page().filter(slug=slug).first()
        return self._page_of(request, biobank) if biobank else self._moved(request, slug)

    def show_preview(self, request: HttpRequest, profile: BiobankProfile) -> TemplateResponse:
        """The page of its biobank with a profile as it stands in a form."""
        biobank = Biobank.objects.with_page().get(pk=profile.biobank_id)
        biobank.profile = profile
        return self._page_of(request, biobank)

    @path("<slug:slug>/<slug:name>/", name="collection")
    def collection(
        self, request: HttpRequest, slug: str, name: str
    ) -> TemplateResponse | HttpResponsePermanentRedirect:
        rows = Collection.objects.readable().with_page()
        found = rows.filter(biobank__slug=slug, slug=name).first()
        if found is None:
            return self._collection_moved(request, f"{slug}/{name}")
        biobank, chosen = found.biobank, chosen_collections(request.GET)
        language = biobank.told.name_language
        context = {
            "collection": found,
            "biobank": biobank,
            "told": biobank.told,
            "is_chosen": found.key in chosen.keys,
            "breakdowns": breakdowns(found),
            "part": PagePart(
                found.label,
                found,
                description=card_of_collection(found),
                above=(Step(biobank.name, f"{biobank.slug}/", language),),
            ),
        }
        return self.shown(request, "members/collection.html", context, chosen)

    def _page_of(self, request: HttpRequest, biobank: Biobank) -> TemplateResponse:
        chosen = chosen_collections(request.GET)
        listed = listing(biobank.shown_collections, request.GET, chosen.keys)
        elsewhere = [one.key for one in chosen.collections if one.biobank_id != biobank.pk]
        context = {
            "biobank": biobank,
            "told": biobank.told,
            "listed": listed,
            # On the shortlist already, and not in this page's table.
            "elsewhere": [*elsewhere, *listed.unlisted],
            "part": PagePart(
                biobank.name, biobank, biobank.told.name_language, description=card_of(biobank)
            ),
        }
        return self.shown(request, "members/biobank.html", context, chosen)

    def _moved(self, request: HttpRequest, slug: str) -> HttpResponsePermanentRedirect:
        """To where a biobank stands now whose address was given up."""
        readable = Biobank.objects.readable()
        old = OldSlug.objects.filter(slug=slug, biobank__in=readable).select_related("biobank")
        found = old.first()
        if found is None:
            raise Http404
        return self._led_to(request, f"{found.biobank.slug}/")

    def _collection_moved(self, request: HttpRequest, place: str) -> HttpResponsePermanentRedirect:
        """Likewise, of a collection, whose biobank may have moved too."""
        slug, _slash, name = where_now([place])[place].partition("/")
        rows = Collection.objects.readable().filter(biobank__slug=slug, slug=name)
        if f"{slug}/{name}" == place or not rows.exists():
            raise Http404
        return self._led_to(request, f"{slug}/{name}/")

    def _led_to(self, request: HttpRequest, address: str) -> HttpResponsePermanentRedirect:
        """With what is asked and chosen."""
        query = request.GET.urlencode(AS_THEY_ARE)
        return HttpResponsePermanentRedirect(
            f"{self.get_url(request)}{address}{f'?{query}' if query else ''}"
        )

    def shown(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        shortlist: Shortlist | None = None,
    ) -> TemplateResponse:
        """With what was chosen so far, which every link and form within the finder hands on."""
        shortlist = chosen_collections(request.GET) if shortlist is None else shortlist
        context |= {
            "shortlist": shortlist,
            "most_chosen": MOST_CHOSEN,
            "chosen": shortlist.keys,
            "carried": f"?{shortlist.query}" if shortlist.collections else "",
            "kept": f"&{shortlist.query}" if shortlist.collections else "",
        }
        return self.render(request, template=template, context_overrides=context)
