"""What a provider's own words for an event mean. Anymail's "bounced" is hard or soft alike."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from newsletter.models.feedback import ReportKind
from worker.faults import Fault, fault_of

Said = Mapping[str, Any]  # a provider's event
HARD, SOFT = "hard", "soft"  # a bounce; what the mail server answered may put it right
NOTHING = "nothing"  # on its way, opened, an answering machine: not whether it arrived
OPPOSITE = "opposite"  # a complaint taken back, a subscription


def _table(lines: str) -> dict[str, str]:
    """Meaning by word, of lines like "hard: word, another"."""
    meanings = (line.strip().split(": ", 1) for line in lines.strip().splitlines())
    return {word.strip(): meaning for meaning, words in meanings for word in words.split(",")}


# From what each provider documents. A word that stands nowhere does nothing, and is counted.
MEANINGS = {
    "amazon_ses": _table("""
        nothing: Send, Open, Click, DeliveryDelay
        hard: Permanent
        soft: Transient, Undetermined
        rejected: Reject, Rendering Failure, ContentRejected, MessageTooLarge, AttachmentRejected
        complained: Complaint
        opposite: not-spam
        delivered: Delivery
    """),
    "brevo": _table("""
        nothing: request, deferred, unique_opened, opened, unique_proxy_open, proxy_open, click
        hard: hard_bounce, invalid_email
        soft: soft_bounce
        rejected: blocked, error
        complained: spam, complaint
        unsubscribed: unsubscribe
        opposite: list_addition
        delivered: delivered
    """),
    "mailgun": _table("""
        nothing: accepted, opened, clicked, temporary
        hard: bounce, suppress-bounce
        soft: old
        rejected: rejected, generic, espblock
        complained: complained, suppress-complaint
        unsubscribed: unsubscribed, suppress-unsubscribe
        delivered: delivered
    """),
    "mailjet": _table("""
        nothing: open, click
        hard: hard_bounce
        soft: bounce
        rejected: blocked
        complained: spam
        unsubscribed: unsub
        delivered: sent
    """),
    "mailtrap": _table("""
        nothing: open, click, suspension
        hard: bounce
        soft: soft bounce
        rejected: reject
        complained: spam
        unsubscribed: unsubscribe
        delivered: delivery
    """),
    "mandrill": _table("""
        nothing: send, deferral, open, click
        hard: hard_bounce
        soft: soft_bounce
        rejected: reject
        complained: spam
        unsubscribed: unsub
        delivered: delivered
    """),
    "postmark": _table("""
        nothing: Open, Click, Transient, DnsError, AutoResponder, AddressChange, OpenRelayTest
        nothing: ChallengeVerification
        hard: HardBounce, BadEmailAddress
        soft: SoftBounce
        rejected: Blocked, DMARCPolicy, SpamNotification, VirusNotification, SMTPApiError
        rejected: TemplateRenderingFailed, ManuallyDeactivated, Unconfirmed
        complained: SpamComplaint
        unsubscribed: Unsubscribe, ManualSuppression
        opposite: Subscribe
        delivered: Delivery
    """),
    "resend": _table("""
        nothing: email.sent, email.delivery_delayed, email.opened, email.clicked
        hard: Permanent
        soft: Transient, Undetermined
        rejected: Suppressed, email.suppressed, email.failed
        complained: email.complained
        delivered: email.delivered
    """),
    "sparkpost": _table("""
        nothing: injection, delay, open, click, initial_open, 60, 100
        hard: 10, 30
        soft: 1, 20, 21, 22, 24, 40, 70
        rejected: 23, 25, 50, 51, 52, 53, 54
        rejected: policy_rejection, generation_failure, generation_rejection
        complained: spam_complaint
        unsubscribed: 90, list_unsubscribe, link_unsubscribe
        opposite: 80, not-spam
        delivered: delivery
    """),
    "unisender_go": _table("""
        nothing: sent, opened, clicked
        hard: hard_bounced err_user_unknown, hard_bounced err_domain_inactive
        soft: err_user_inactive, err_mailbox_discarded, err_mailbox_full, err_unreachable
        soft: err_will_retry, err_delivery_failed, err_user_unknown, err_domain_inactive
        rejected: err_spam_rejected, err_spam_skipped, err_blacklisted, err_too_large
        rejected: err_skip_letter, err_destination_misconfigured, err_lost
        complained: spam
        unsubscribed: unsubscribed, err_unsubscribed
        opposite: subscribed
        delivered: delivered
    """),
}


class Heard(NamedTuple):
    """`words`: the provider's, those that say most first. `answer`: the mail server's."""

    words: list[Any]
    answer: Any = ""


def _amazon_ses(said: Said) -> Heard:
    kind = said.get("eventType") or said["notificationType"]
    if kind == "Complaint":
        return Heard([said["complaint"].get("complaintFeedbackType"), kind])
    if kind != "Bounce":
        return Heard([kind])
    bounce = said["bounce"]
    answers = [one.get("diagnosticCode", "") for one in bounce["bouncedRecipients"]]
    return Heard([bounce["bounceSubType"], bounce["bounceType"]], " ".join(answers))


def _mailgun(said: Said) -> Heard:
    event = said["event-data"]
    if event["event"] != "failed":
        return Heard([event["event"]])
    if event["severity"] != "permanent":
        return Heard([event["severity"]])
    status = event["delivery-status"]
    return Heard([event["reason"]], f"{status['code']} {status['message']}")


def _mailjet(said: Said) -> Heard:
    is_hard = said["event"] == "bounce" and said["hard_bounce"] is True
    answer = f"{said.get('smtp_reply', '')} {said.get('error', '')}"
    return Heard(["hard_bounce" if is_hard else said["event"]], answer)


def _postmark(said: Said) -> Heard:
    kind = said["RecordType"]
    if kind == "SubscriptionChange":
        return Heard([said["SuppressionReason"] if said["SuppressSending"] else "Subscribe"])
    is_named = kind in {"Bounce", "SpamComplaint"}
    return Heard([said["Type"] if is_named else kind], said.get("Details", ""))


def _resend(said: Said) -> Heard:
    if said["type"] != "email.bounced":
        return Heard([said["type"]])
    bounce = said["data"]["bounce"]
    told = bounce.get("message", "")  # events of before they had a type say it in a sentence
    word = "Suppressed" if "suppressed sending" in told else "Undetermined"
    word = "Permanent" if "hard bounce" in told else word
    return Heard([bounce.get("subType"), bounce.get("type", word)])


def _sparkpost(said: Said) -> Heard:
    (event,) = said["msys"].values()
    word = event["bounce_class"] if event["type"] in {"bounce", "out_of_band"} else event["type"]
    return Heard([event.get("fbtype"), word], event.get("raw_reason", ""))


def _unisender_go(said: Said) -> Heard:
    status = said["status"]
    if status not in {"hard_bounced", "soft_bounced"}:
        return Heard([status])
    reason = said["delivery_info"]["delivery_status"]
    return Heard([f"{status} {reason}", reason])


READERS: dict[str, Callable[[Said], Heard]] = {
    "amazon_ses": _amazon_ses,
    "brevo": lambda said: Heard([said["event"]], said.get("reason", "")),
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mailtrap": lambda said: Heard([said["event"]], said.get("response", "")),
    "mandrill": lambda said: Heard([said["event"]], said["msg"].get("diag", "")),
    "postmark": _postmark,
    "resend": _resend,
    "sparkpost": _sparkpost,
    "unisender_go": _unisender_go,
}


def heard_of(provider: str, said: Said) -> Heard:
    """No words where the event is not built as the provider writes it."""
    try:
        words, answer = READERS[provider](said)
    except (AttributeError, LookupError, TypeError, ValueError):
        return Heard([])
    return Heard([word for word in words if isinstance(word, str)], str(answer or ""))


def meaning_of(provider: str, words: list[str], answer: str) -> str | None:
    """A ReportKind, NOTHING or OPPOSITE; None for a word that is new. `answer`: no address in it.

    Only where provider and mail server agree does the address not exist.
    """
    table = MEANINGS.get(provider, {})
    meaning = next((table[word] for word in words if word in table), None)
    if meaning not in {HARD, SOFT}:
        return meaning
    fault = fault_of(answer)
    if fault == Fault.US:
        return ReportKind.REJECTED
    # "unavailable" is how servers call what does not exist, too (RFC 5321 section 4.2.3)
    exists = fault == Fault.MOMENT and "unavailable" not in answer.lower()
    return ReportKind.DEFERRED if meaning == SOFT or exists else ReportKind.BOUNCED
