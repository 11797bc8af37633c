"""An answer of a mail server is about the reader, about us, or about the moment; else nothing."""

import smtplib

import pytest

from worker.faults import Fault, fault_of, status_of
from worker.verdicts import VerdictKind, verdict_on

READER, US, MOMENT = Fault.READER, Fault.US, Fault.MOMENT
TO = "policy@content.example"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("550 5.1.1 User unknown", READER),
        ("550 5.1.1 L'utilisateur n'a pas été trouvé", READER),
        ("550-5.1.1 The email account that you tried to reach does not exist. Please try", READER),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", READER),
        ("556 5.1.10 Recipient address has null MX", READER),
        ("smtp; 550 5.1.2 no such domain", READER),
        ("550 no such user here", READER),
        ("550 Unknown user", READER),
        ("550 5.1.1 blocked using zen.spamhaus.org", US),
        ("550 5.7.26 This mail is unauthenticated (DMARC)", US),
        ("554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org", US),
        ("550 5.4.5 Daily user sending quota exceeded", US),
        ("554 5.7.1 <x>: Sender address rejected", US),
        ("550 relay not permitted", US),
        ("552 5.3.4 Message size exceeds fixed limit", US),
        ("552 5.2.3 Message too large", US),
        ("550 5.6.0 content", US),
        ("450 4.7.25 cannot find your hostname", US),
        ("421 4.7.0 rate limited by policy", US),
        ("550 5.2.1 The email account that you tried to reach is disabled", MOMENT),
        ("552 5.2.2 Mailbox full", MOMENT),
        ("452 4.2.2 over quota", MOMENT),
        ("421 greylisted", MOMENT),
        ("451 4.7.1 Greylisting in action, please come back later", MOMENT),
        ("450 4.1.1 user unknown", MOMENT),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", MOMENT),
        ("550 5.4.1 Recipient address rejected: Access denied", MOMENT),
        ("554 Transaction failed", None),
        ("undefined Unable to find MX of domain", None),
        ("", None),
    ],
)
def test_whom_an_answer_speaks_of(said: str, fault: Fault | None) -> None:
    assert fault_of(said) == fault


def test_the_status_is_read_and_no_other_number() -> None:
    assert status_of("550-5.7.26 Unauthenticated from 10.5.1.1, see 1.5.7.1.2") == "5.7.26"
    assert status_of("host 5.1.1.9 says no") == ""


def refused(code: int, said: str) -> tuple[VerdictKind, str]:
    error = smtplib.SMTPRecipientsRefused({TO: (code, said.encode())})
    verdict = verdict_on(error, TO, handed_over=False)
    return verdict.kind, verdict.fault


def test_the_words_of_an_address_do_not_count() -> None:
    assert refused(550, f"5.1.1 <{TO}> does not exist") == (VerdictKind.FINAL, READER)
    assert refused(554, "no") == (VerdictKind.FINAL, US)
    assert refused(554, "5.7.1 relay access denied") == (VerdictKind.SHUT, US)
    assert refused(450, "5.1.1 no such user") == (VerdictKind.TEMPORARY, READER)


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("odd"), smtplib.SMTPException()])
def test_what_is_no_answer_is_ours_and_a_doubt_is_nobodys(error: Exception) -> None:
    assert verdict_on(error, TO, handed_over=False).fault == US
    assert verdict_on(error, TO, handed_over=True).fault == ""
