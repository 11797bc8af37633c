"""docs/privacy.md tells the periods that are in force where no setting says otherwise."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from newsletter import tokens
from newsletter.files import drafts
from newsletter.models import Asking
from newsletter.subscribers import by_mail, sign_up_queue
from tests.parts import PROJECT
from visitors import choices
from worker import mailbox, outbox

TEXT = (PROJECT / "docs" / "privacy.md").read_text(encoding="utf-8")
TOLD, OPEN_QUESTIONS = TEXT.split("\n## Open questions\n")
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
WORDS = {1: "one", 3: "three", 5: "five"}
LONGER = {365: "1 year", 3 * 365: "3 years", 396: "13 months"}


def _days(count: int) -> str:
    return LONGER.get(count, f"{count} days")


def _in_words(lifetime: timedelta | None) -> str:
    seconds = int(lifetime.total_seconds()) if lifetime else 0
    if seconds == 3600:
        return "an hour"
    if seconds < 3600:
        return f"{seconds // 60} minutes"
    return f"{seconds // 3600} hours"


KEPT = {kind: _days(days) for kind, days in settings.NEWSLETTER_DAYS.items()}
ASKED, OUTBOX = _days(Asking.KEPT.days), _days(outbox.KEPT.days)
CONFIRM, CHANGE = _in_words(tokens.CONFIRM.lifetime), _in_words(tokens.CONFIRM_ADDRESS.lifetime)
FRESH = {_in_words(one.lifetime) for one in (tokens.CHANGE_ADDRESS, tokens.DOWNLOAD, tokens.ERASE)}
SENTENCES = [
    f"| {KEPT['sign_up']}, confirmed or not; the link to confirm works for {CONFIRM} |",
    f"at most {settings.NEWSLETTER_ADDRESS_MONTHLY} such mails in {ASKED} (art.",
    f"| {ASKED}; less where its owner is erased |",
    f"until the person leaves, then {KEPT['left']}, in which leaving can be undone",
    f"| {KEPT['ledger']} after the last act of a person who is gone |",
    f"one that was lifted, {KEPT['ledger']} |",
    f"| {KEPT['delivery']} |",
    f"| {KEPT['report']} |",
    f"| {KEPT['sign_up']}, confirmed or not | nobody but the worker; the person, in their",
    f"a moment; at most {KEPT['sign_up']} |",
    f"The last three ask for a fresh link of {'/'.join(FRESH)}, since",
    f"a page undoes leaving for {_in_words(tokens.UNDO_NOW.lifetime)} only",
    f"{WORDS[by_mail.LINKS_OF_A_KIND_DAILY].title()} such links a day go out at most, "
    f"and {WORDS[sign_up_queue.MANAGE_LINKS_DAILY]} to the own page",
    f"requests for a link: {KEPT['sign_up']} after they were made.",
    f"That a mailbox was asked: after {ASKED}.",
    f"Who left {KEPT['left']} ago:",
    f"Rows of deliveries: after {KEPT['delivery']};",
    f"Reports of the mail provider: after {KEPT['report']}.",
    f"whose last act is {KEPT['ledger']} old.",
    f"Suppressions that were lifted {KEPT['ledger']} ago.",
    f"the words until it is settled; the rest {OUTBOX} after |",
    f"the words when the mail is settled, the rest {OUTBOX} later.",
    f"there until it is taken in and came {_days(mailbox.KEPT.days)} ago;",
    f"mails that were taken in and came {_days(mailbox.KEPT.days)} ago.",
    f"only when chosen | {_days(choices.DISPLAY_LASTS.days)} |",
    f"from step to step for at most {_in_words(drafts.LASTS)}, and no browser",
    f"version of the question | {_days(choices.CHOICE_LASTS.days)} |",
]
BACKUPS = "Nightly, kept for 30 days"  # a promise of who runs the site: no setting has it
PERIOD = re.compile(
    r"\b(\d+|an?|one|two|three|five) (minute|hour|day|week|month|year)s?\b(?! is|'s)"
)
NO_PERIODS = ("each minute", "a minute, every", "links a day")


def _flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_period_is_the_one_in_force(sentence: str) -> None:
    assert sentence in _flat(TOLD)


def test_no_period_is_told_that_is_not_compared() -> None:
    rest = _flat(TOLD)
    for sentence in (*SENTENCES, BACKUPS, *NO_PERIODS):
        rest = rest.replace(sentence, "")
    assert [found.group() for found in PERIOD.finditer(rest)] == []


def test_the_question_about_the_ledger_names_its_period() -> None:
    assert f"**Ledger of {KEPT['ledger']}**" in OPEN_QUESTIONS


def test_backups_are_kept_as_long_in_both_texts() -> None:
    assert BACKUPS in TOLD
    assert BACKUPS in OPERATIONS


def test_a_link_to_undo_works_as_long_as_the_address_is_kept() -> None:
    lifetime = tokens.UNDO.lifetime
    assert lifetime == timedelta(days=settings.NEWSLETTER_DAYS["left"])


def test_whoever_asks_to_change_an_address_has_as_long_as_who_signs_up() -> None:
    assert CHANGE == CONFIRM
