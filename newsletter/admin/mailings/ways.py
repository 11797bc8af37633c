"""What can be done next with an issue in a language, and who may."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.admin.mailings.screen import MAY_LOOK, MAY_PREPARE, MAY_SEND
from newsletter.issues.readiness import why_not_approved
from newsletter.mailings.editions import Edition, Stage
from newsletter.models import NewsletterIssuePage
from pages.translating import approval, drafts, rights
from pages.translating.rights import Refusal

NO_SITE = gettext_lazy("The site is not set up in this language.")
FROM_ORIGINAL = gettext_lazy("A translation has the news of its original: put them in there.")
WAITS = gettext_lazy("It waits for approval: have it sent back first.")
FROZEN = gettext_lazy("Its mailing is prepared: what it says stands.")


@dataclass(frozen=True)
class Act:
    """Done at a press, in one language or in all where it is due."""

    label: Promise
    label_of_all: Promise
    stage: Stage
    refusal: Callable[[User, Edition, NewsletterIssuePage], Refusal]
    carry_out: Callable[[User, Edition, NewsletterIssuePage], str]  # answers with what it did

    def is_due(self, edition: Edition) -> bool:
        """An original is handed in where it is written, whose form looks at it."""
        if edition.stage is not self.stage:
            return False
        return self.stage is not Stage.DRAFT or edition.is_translated_anew


def _may_begin(user: User, edition: Edition, original: NewsletterIssuePage) -> Refusal:
    if edition.locale is None:
        return NO_SITE
    return why_not_approved(original) or rights.to_begin(user, original, edition.locale)


def _begin(user: User, edition: Edition, original: NewsletterIssuePage) -> str:
    drafts.begin(original, edition.locale, user)
    return _("Begun: its pieces wait to be translated.")


def _on_page(ask: Callable[[User, NewsletterIssuePage], Refusal]) -> Callable[..., Refusal]:
    return lambda user, edition, _original: ask(user, edition.page)


def _done(do: Callable[[NewsletterIssuePage, User], str]) -> Callable[..., str]:
    return lambda user, edition, _original: do(edition.page, user)


# In the order in which they are offered: who may publish need not hand in.
ACTS = {
    "begin": Act(
        gettext_lazy("Begin the translation"),
        gettext_lazy("Begin all translations (%d)"),
        Stage.MISSING,
        _may_begin,
        _begin,
    ),
    "approve": Act(
        gettext_lazy("Approve"),
        gettext_lazy("Approve all that wait (%d)"),
        Stage.IN_REVIEW,
        _on_page(approval.to_review),
        _done(approval.review),
    ),
    "publish": Act(
        gettext_lazy("Publish"),
        gettext_lazy("Publish all that are translated (%d)"),
        Stage.DRAFT,
        _on_page(rights.to_publish),
        _done(approval.publish),
    ),
    "submit": Act(
        gettext_lazy("Submit for approval"),
        gettext_lazy("Submit all that are translated (%d)"),
        Stage.DRAFT,
        _on_page(approval.to_submit),
        _done(approval.submit),
    ),
}


@dataclass(frozen=True)
class Way:
    label: str
    address: str
    is_beside: bool = False  # to be read beside the screen


@dataclass
class Column:
    """One language of the screen, as its reader may act on it."""

    edition: Edition
    original: NewsletterIssuePage
    user: User

    @cached_property
    def act(self) -> str:
        """The act that is due and theirs; "" where none is."""
        for name, act in ACTS.items():
            if act.is_due(self.edition) and not self._refusal(act):
                return name
        return ""

    def _refusal(self, act: Act) -> Refusal:
        return act.refusal(self.user, self.edition, self.original)

    @property
    def act_label(self) -> Promise:
        return ACTS[self.act].label

    @cached_property
    def is_original(self) -> bool:
        return self.edition.page == self.original

    @cached_property
    def _may_write(self) -> bool:
        page = self.edition.page
        return bool(page and page.permissions_for_user(self.user).can_edit())

    @cached_property
    def next_way(self) -> Way | None:
        """Where the next step is taken, if it is not taken here."""
        return None if self.act else self._ways_by_stage.get(self.edition.stage)

    @cached_property
    def _ways_by_stage(self) -> dict[Stage, Way]:
        edition, page, user = self.edition, self.edition.page, self.user
        found = {}
        if page and self._may_write:
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            found = {
                Stage.OPEN: Way(_("Translate"), edit),
                Stage.DRAFT: Way(_("Open"), edit),
                Stage.FAULTY: Way(_("Mend"), edit),
            }
            if user.has_perm(MAY_PREPARE):
                prepare = reverse("newsletter_prepare", args=[page.pk])
                found[Stage.READY] = Way(_("Prepare the mailing"), prepare)
        if edition.mailing and user.has_perm(MAY_SEND):
            send = reverse("newsletter_send", args=[edition.mailing.pk])
            found[Stage.PREPARED] = Way(_("Send it …"), send)
        return found

    @cached_property
    def more_ways(self) -> list[Way]:
        return [way for way in self._more() if way.address != getattr(self.next_way, "address", "")]

    def _more(self) -> Iterator[Way]:
        page, mailing = self.edition.page, self.edition.mailing
        if page and self._may_write:
            yield Way(_("Open"), reverse("wagtailadmin_pages:edit", args=[page.pk]))
        may_see = page and (self._may_write or page.permissions_for_user(self.user).can_publish())
        if page and may_see and not mailing:  # whose own screen shows what is frozen
            draft = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
            yield Way(_("See the mail"), f"{draft}?mode=mail", is_beside=True)
        if mailing and self.user.has_perm(MAY_LOOK):
            yield Way(_("Mailing"), reverse("newsletter_mailing", args=[mailing.pk]))


def why_no_news(user: User, edition: Edition) -> Refusal:
    """Why nothing is put into an issue; "" where it may be."""
    if edition.page is None or (refusal := rights.to_write(user, edition.page)):
        return rights.GONE if edition.page is None else refusal
    if edition.translation:
        return FROM_ORIGINAL
    if edition.mailing:
        return FROZEN
    return WAITS if edition.stage is Stage.IN_REVIEW else ""
