"""Reports as each provider documents them, by provider and by what they are.

From the providers' public documentation and from what Anymail's own tests hold, which were seen
live. Who it is about, and when, is put in by `provider_webhooks.tell`.
"""

from tests.provider_webhooks import Event

GONE = "550 5.1.1 The email account that you tried to reach does not exist."


def _ses_bounce(kind: str, sub_type: str, said: str = "") -> Event:
    who = {"diagnosticCode": f"smtp; {said}"} if said else {}
    bounce = {"bounceType": kind, "bounceSubType": sub_type}
    return {"notificationType": "Bounce", "bounce": bounce, "who": who}


def _failed(severity: str, reason: str, code: int, said: str) -> Event:
    status = {"code": code, "message": said, "description": "", "attempt-no": 1}
    return {
        "event": "failed",
        "severity": severity,
        "reason": reason,
        "delivery-status": status,
    }


def _bounced(kind: str, sub_type: str, message: str) -> Event:
    bounce = {"type": kind, "subType": sub_type, "message": message}
    return {"type": "email.bounced", "data": {"bounce": bounce}}


def _class(number: int, said: str = "") -> Event:
    return {"type": "bounce", "bounce_class": str(number), "raw_reason": said}


def _unisender(status: str, reason: str, said: str) -> Event:
    info = {"delivery_status": reason, "destination_response": said}
    return {"status": status, "delivery_info": info}


def _mailjet_bounce(error: str, *, hard: bool, about: str = "recipient") -> Event:
    told = {"blocked": hard, "hard_bounce": hard, "error_related_to": about, "error": error}
    return {"event": "bounce"} | told


def _postmark_bounce(kind: str, said: str = "") -> Event:
    return {"RecordType": "Bounce", "Type": kind, "Details": said}


FULL = "452 4.2.2 The recipient's mailbox is over quota"
SPAM = "554 5.7.1 Message rejected as spam"
# By provider and what it is: each of them as it may be written.
REPORTS: dict[str, dict[str, list[Event]]] = {
    "amazon_ses": {
        "hard": [
            _ses_bounce("Permanent", "General", "550 5.1.1 user unknown"),
            _ses_bounce("Permanent", "NoEmail"),
        ],
        "soft": [
            _ses_bounce("Transient", "General"),
            _ses_bounce("Transient", "MailboxFull", "552 5.2.2 mailbox full"),
            _ses_bounce("Undetermined", "Undetermined"),
        ],
        "blocked": [
            _ses_bounce("Transient", "ContentRejected"),
            _ses_bounce("Transient", "MessageTooLarge"),
            {"eventType": "Reject", "reject": {"reason": "Bad content"}},
        ],
        "complaint": [
            {"notificationType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}},
            {"notificationType": "Complaint", "complaint": {}},
        ],
        "unsubscribe": [],
        "delivered": [{"notificationType": "Delivery"}],
        "taken back": [
            {"notificationType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}
        ],
    },
    "brevo": {
        "hard": [
            {
                "event": "hard_bounce",
                "reason": " RecipientError: 550 5.5.0 Requested action not taken: mailbox"
                " unavailable.",
            },
            {"event": "hard_bounce", "reason": GONE},
            {"event": "invalid_email"},
        ],
        "soft": [
            {"event": "soft_bounce", "reason": FULL},
            {"event": "soft_bounce", "reason": "421 greylisted"},
            {"event": "soft_bounce", "reason": "undefined Unable to find MX of domain"},
        ],
        "blocked": [
            {"event": "blocked", "reason": "blocked : due to blacklist user"},
            {"event": "error"},
            {"event": "hard_bounce", "reason": "550 5.7.26 unauthenticated mail (DMARC)"},
        ],
        "complaint": [{"event": "spam"}, {"event": "complaint"}],
        "unsubscribe": [{"event": "unsubscribe"}],
        "delivered": [{"event": "delivered"}],
        "taken back": [{"event": "list_addition"}],
    },
    "mailgun": {
        "hard": [
            _failed("permanent", "bounce", 550, "5.1.1 No such user"),
            _failed("permanent", "suppress-bounce", 605, "Not delivering to bounced address"),
        ],
        "soft": [
            _failed("temporary", "generic", 498, "No MX for nomx.example.com"),
            _failed("temporary", "greylisted", 450, "Recipient address rejected: Greylisted"),
            _failed("permanent", "old", 602, "Too old"),
        ],
        "blocked": [
            _failed("permanent", "generic", 554, "5.7.1 rejected as spam"),
            {"event": "rejected", "reject": {"reason": "Sandbox subdomains are for test only."}},
        ],
        "complaint": [{"event": "complained"}],
        "unsubscribe": [{"event": "unsubscribed"}],
        "delivered": [{"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}}],
        "taken back": [],
    },
    "mailjet": {
        "hard": [
            _mailjet_bounce("user unknown", hard=True),
            _mailjet_bounce("invalid domain", hard=True, about="domain"),
        ],
        "soft": [
            _mailjet_bounce("quota exceeded", hard=False),
            _mailjet_bounce("mailbox inactive", hard=False),
            _mailjet_bounce("greylisted", hard=False, about="domain"),
        ],
        "blocked": [
            _mailjet_bounce("relay/access denied", hard=False, about="domain"),
            {"event": "blocked", "error_related_to": "mailjet", "error": "preblocked"},
        ],
        "complaint": [{"event": "spam", "source": "JMRPP"}],
        "unsubscribe": [{"event": "unsub", "mj_list_id": 0, "agent": "List-Unsubscribe"}],
        "delivered": [{"event": "sent", "smtp_reply": "sent (250 2.0.0 OK)"}],
        "taken back": [],
    },
    "mailtrap": {
        "hard": [{"event": "bounce", "response": f"bounced ({GONE})", "response_code": 550}],
        "soft": [
            {"event": "soft bounce", "response": "soft bounce (450 4.2.0 try later)"},
            {"event": "suspension", "reason": "other"},
        ],
        "blocked": [
            {"event": "reject", "reason": "unknown"},
            {"event": "bounce", "response": f"bounced ({SPAM})"},
        ],
        "complaint": [{"event": "spam"}],
        "unsubscribe": [{"event": "unsubscribe"}],
        "delivered": [{"event": "delivery"}],
        "taken back": [],
    },
    "mandrill": {
        "hard": [
            {
                "event": "hard_bounce",
                "msg": {"bounce_description": "bad_mailbox", "diag": f"smtp;{GONE}"},
            }
        ],
        "soft": [
            {
                "event": "soft_bounce",
                "msg": {"bounce_description": "mailbox_full", "diag": "smtp;552 5.2.2 Over Quota"},
            },
            {"event": "deferral", "msg": {"diag": "451 4.3.5 Temporarily unavailable"}},
        ],
        "blocked": [{"event": "reject"}],
        "complaint": [{"event": "spam"}],
        "unsubscribe": [{"event": "unsub"}],
        "delivered": [{"event": "delivered", "msg": {"diag": "250 OK"}}],
        "taken back": [],
    },
    "postmark": {
        "hard": [
            _postmark_bounce("HardBounce", f"smtp;{GONE}"),
            _postmark_bounce("BadEmailAddress"),
            {
                "RecordType": "SubscriptionChange",
                "SuppressSending": True,
                "SuppressionReason": "HardBounce",
            },
        ],
        "soft": [
            _postmark_bounce("SoftBounce", f"smtp;{FULL}"),
            _postmark_bounce("Transient"),
            _postmark_bounce("DnsError"),
        ],
        "blocked": [
            _postmark_bounce("Blocked", f"smtp;{SPAM}"),
            _postmark_bounce("DMARCPolicy"),
            _postmark_bounce("SpamNotification"),
        ],
        "complaint": [{"RecordType": "SpamComplaint", "Type": "SpamComplaint"}],
        "unsubscribe": [
            {
                "RecordType": "SubscriptionChange",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
            },
            _postmark_bounce("Unsubscribe"),
        ],
        "delivered": [{"RecordType": "Delivery"}],
        "taken back": [
            {
                "RecordType": "SubscriptionChange",
                "SuppressSending": False,
                "SuppressionReason": None,
            }
        ],
    },
    "resend": {
        "hard": [
            _bounced(
                "Permanent", "General", "The recipient's provider sent a hard bounce message."
            ),
            {"type": "email.bounced", "data": {"bounce": {"message": "a hard bounce message"}}},
        ],
        "soft": [
            _bounced("Transient", "MailboxFull", "sent a bounce message: the inbox was full."),
            _bounced("Transient", "General", "sent a general bounce message."),
            _bounced("Undetermined", "Undetermined", "sent a bounce message."),
            {"type": "email.delivery_delayed"},
        ],
        "blocked": [
            _bounced("Permanent", "Suppressed", "Resend has suppressed sending to this address"),
            {"type": "email.failed", "data": {"failed": {"reason": "reached_daily_quota"}}},
        ],
        "complaint": [{"type": "email.complained"}],
        "unsubscribe": [],
        "delivered": [{"type": "email.delivered"}],
        "taken back": [],
    },
    "sparkpost": {
        "hard": [_class(10, f"{GONE}"), _class(30, "550 no such user")],
        "soft": [_class(number) for number in (1, 20, 21, 22, 24, 40, 70)]
        + [{"type": "delay", "bounce_class": "21", "raw_reason": "454 4.4.4 no MX"}],
        "blocked": [_class(number) for number in (23, 25, 50, 51, 52, 53, 54)]
        + [{"type": "generation_rejection", "raw_reason": "554 5.7.1 suppressed"}],
        "complaint": [{"type": "spam_complaint", "fbtype": "abuse"}],
        "unsubscribe": [{"type": "list_unsubscribe"}, {"type": "link_unsubscribe"}],
        "delivered": [{"type": "delivery"}],
        "taken back": [{"type": "spam_complaint", "fbtype": "not-spam"}],
    },
    "unisender_go": {
        "hard": [_unisender("hard_bounced", "err_user_unknown", "555 5.7.1 User unknown.")],
        "soft": [
            _unisender("soft_bounced", "err_mailbox_full", "554 5.2.2 Mailbox full."),
            _unisender("soft_bounced", "err_user_unknown", "450 try later"),
            _unisender("hard_bounced", "err_user_inactive", "550 inactive"),
        ],
        "blocked": [
            _unisender("hard_bounced", "err_spam_rejected", "550 Spam rejected"),
            _unisender("hard_bounced", "err_blacklisted", "554 5.7.1 blocked"),
        ],
        "complaint": [{"status": "spam"}],
        "unsubscribe": [{"status": "unsubscribed", "comment": "too many"}],
        "delivered": [{"status": "delivered"}],
        "taken back": [{"status": "subscribed"}],
    },
}
NEW_WORDS: dict[str, Event] = {
    "amazon_ses": {"eventType": "Teleported"},
    "brevo": {"event": "medium_bounce", "reason": GONE},
    "mailgun": _failed("permanent", "gone-fishing", 550, "5.1.1 no such user"),
    "mailjet": {"event": "vanished"},
    "mailtrap": {"event": "hardest bounce", "response": GONE},
    "mandrill": {"event": "harder_bounce"},
    "postmark": _postmark_bounce("HarderBounce", GONE),
    "resend": _bounced("Everlasting", "General", "gone"),
    "sparkpost": _class(999, GONE),
    "unisender_go": _unisender("hard_bounced", "err_new", GONE),
}
