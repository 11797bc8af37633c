"""What nobody has confirmed of a biobank, and the letter that asks it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.profiles import BiobankFact, BiobankProfile, Confidence, FactKind


@dataclass(frozen=True)
class Question:
    """`kinds`: one of them is enough. `asked`: the sentence of the letter."""

    name: str
    label: str | Promise
    kinds: tuple[FactKind, ...]
    asked: str | Promise


QUESTIONS = (
    Question(
        "host",
        _("Host"),
        (FactKind.HOST,),
        _("What is the name of your hospital or institute, in each language that you use?"),
    ),
    Question(
        "website",
        _("Website"),
        (FactKind.WEBSITE,),
        _("What is the address of your biobank's own page, in each language that you have it in?"),
    ),
    Question(
        "objection",
        _("How to object"),
        (FactKind.OBJECTION, FactKind.OBJECTION_HOW),
        _(
            "How does a patient object to the use of left-over samples? Please give the page, the "
            "form or the address, and say whom a patient has to tell."
        ),
    ),
    Question(
        "contact",
        _("Contact"),
        (FactKind.MAILBOX, FactKind.CONTACT_PAGE),
        _(
            "Which mailbox or page may we show for questions? A mailbox of the office, please, not "
            "a person's."
        ),
    ),
    Question(
        "access",
        _("Pages on asking for samples"),
        (FactKind.ACCESS,),
        _("On which page do researchers read how to ask for samples?"),
    ),
    Question(
        "sites",
        _("Hospital sites"),
        (FactKind.SITES,),
        _("The samples of which hospitals and sites do you keep?"),
    ),
    Question(
        "companies",
        _("Works with companies"),
        (FactKind.COMPANIES,),
        _("Do you work with companies, and if so, on what terms?"),
    ),
    Question(
        "notification",
        _("Notification number"),
        (FactKind.NOTIFICATION,),
        _("What is your notification number at the FAMHP?"),
    ),
    Question(
        "quality",
        _("Quality marks"),
        (FactKind.QUALITY,),
        _("Which certificates or accreditations do you hold, and until when are they valid?"),
    ),
)


def not_known(facts: Iterable[BiobankFact]) -> list[Question]:
    known = {fact.kind for fact in facts if fact.confidence == Confidence.CONFIRMED}
    return [question for question in QUESTIONS if known.isdisjoint(question.kinds)]


def to_confirm(facts: Iterable[BiobankFact]) -> list[BiobankFact]:
    """What was read elsewhere, or is our own wording."""
    return [fact for fact in facts if fact.confidence != Confidence.CONFIRMED]


def where_not_known(
    profiles: QuerySet[BiobankProfile], question: Question
) -> QuerySet[BiobankProfile]:
    known = BiobankFact.objects.confirmed(*question.kinds).filter(profile=OuterRef("pk"))
    return profiles.filter(~Exists(known))
