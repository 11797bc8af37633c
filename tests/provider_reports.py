"""Reports as each provider documents them, and as its address here takes them.

From the providers' public documentation and from what Anymail's own tests hold, which were seen
live. Times are of now, and who it is about is put in.
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from http import HTTPStatus
from itertools import count
from typing import Any

from anymail.signals import tracking
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.models import Delivery

USER, KEY = "provider:a secret of theirs", "a key of ours"
NUMBERS = count(1)
Event = dict[str, Any]
GONE = "550 5.1.1 The email account that you tried to reach does not exist."


def open_address(settings: Settings, provider: str) -> None:
    keys = ("MAILGUN_WEBHOOK_SIGNING_KEY", "MANDRILL_WEBHOOK_KEY", "UNISENDER_GO_API_KEY")
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = {"WEBHOOK_SECRET": USER} | dict.fromkeys(keys, KEY)


def tell(provider: str, row: Delivery, address: str, event: Event, **ids: Any) -> None:
    """`ids`: `metadata`, `number` (the provider's own) and `message_id`, where it is told them."""
    ids = {"metadata": row.metadata, "number": "", "message_id": ""} | ids
    content = WRAPPED[provider](deepcopy(event), address, ids)
    if provider == "amazon_ses":
        publish(content)
    else:
        assert post(provider, content) == HTTPStatus.OK


def post(provider: str, content: object) -> int:
    address = f"/webhooks/anymail/{provider}/tracking/"
    headers = {"authorization": f"Basic {b64encode(USER.encode()).decode()}"}
    body, kind = json.dumps(content), "application/json"
    if provider == "resend":
        headers["svix-id"] = f"msg_{next(NUMBERS)}"
    if provider == "unisender_go":
        proof = hashlib.md5(body.replace("SIGNATURE", KEY).encode(), usedforsecurity=False)
        body = body.replace("SIGNATURE", proof.hexdigest())
    if provider == "mandrill":
        signed = f"http://{USER}@testserver{address}mandrill_events{body}"
        digest = hmac.new(KEY.encode(), signed.encode(), hashlib.sha1).digest()
        headers["x-mandrill-signature"] = b64encode(digest).decode()
        answer = Client().post(address, {"mandrill_events": body}, headers=headers)
    else:
        answer = Client().post(address, body, content_type=kind, headers=headers)
    return answer.status_code


def publish(event: Event) -> None:
    """What Amazon's address does with it, less boto3, which is not among what is installed."""
    view = object.__new__(AmazonSESTrackingWebhookView)
    about = {"MessageId": f"sns-{next(NUMBERS)}", "Timestamp": timezone.now().isoformat()}
    for each in view.esp_to_anymail_events(event, about):
        tracking.send(sender=type(view), event=each, esp_name=view.esp_name)


def _seconds() -> float:
    return timezone.now().timestamp()


def _amazon_ses(event: Event, address: str, ids: Event) -> Event:
    kind = event.get("notificationType") or event["eventType"]
    lists = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients"}
    who: list[Any] = [{"emailAddress": f'"X Y" <{address}>'} | event.pop("who", {})]
    if kind == "Delivery":
        event["delivery"] = {"recipients": [address]}
    elif kind in lists:
        event[kind.lower()] |= {lists[kind]: who}
    headers = [{"name": "X-Metadata", "value": json.dumps(ids["metadata"])}]
    headers.append({"name": "Message-ID", "value": ids["message_id"]})
    return event | {
        "mail": {"messageId": ids["number"], "destination": [address], "headers": headers}
    }


def _brevo(event: Event, address: str, ids: Event) -> Event:
    about = {"email": address, "ts_epoch": int(_seconds() * 1000), "id": 9999999}
    named = {"message-id": ids["message_id"] or ids["number"]}
    return event | about | named | {"X-Mailin-custom": json.dumps(ids["metadata"])}


def _mailgun(event: Event, address: str, ids: Event) -> Event:
    token, time = f"{next(NUMBERS):050d}", str(int(_seconds()))
    signature = hmac.new(KEY.encode(), f"{time}{token}".encode(), hashlib.sha256).hexdigest()
    message_id = (ids["message_id"] or ids["number"]).strip("<>")
    about = {
        "recipient": address,
        "timestamp": _seconds(),
        "user-variables": ids["metadata"],
        "message": {"headers": {"to": address, "message-id": message_id}},
    }
    return {
        "signature": {"timestamp": time, "token": token, "signature": signature},
        "event-data": event | about,
    }


def _mailjet(event: Event, address: str, ids: Event) -> list[Event]:
    about = {"email": address, "time": int(_seconds()), "MessageID": ids["number"]}
    named = {"Payload": json.dumps(ids["metadata"]), "CustomID": ids["message_id"]}
    return [event | about | named | {"mj_campaign_id": 1, "mj_contact_id": 2}]


def _mailtrap(event: Event, address: str, ids: Event) -> Event:
    about = {"email": address, "timestamp": int(_seconds()), "event_id": f"e{next(NUMBERS)}"}
    named = {"message_id": ids["number"] or ids["message_id"], "custom_variables": ids["metadata"]}
    return {"events": [event | about | named | {"sending_stream": "bulk"}]}


def _mandrill(event: Event, address: str, ids: Event) -> list[Event]:
    msg = event.get("msg", {}) | {"email": address, "metadata": ids["metadata"]}
    msg |= {"_id": ids["number"], "headers": {"Message-Id": ids["message_id"]}}
    return [event | {"msg": msg, "_id": ids["number"], "ts": _seconds()}]


def _postmark(event: Event, address: str, ids: Event) -> Event:
    who = "Email" if event["RecordType"] in {"Bounce", "SpamComplaint"} else "Recipient"
    when = {"Delivery": "DeliveredAt", "SubscriptionChange": "ChangedAt"}
    about = {who: address, when.get(event["RecordType"], "BouncedAt"): timezone.now().isoformat()}
    number = {"ID": next(NUMBERS)} if who == "Email" else {}
    named = {"MessageID": ids["number"] or ids["message_id"], "Metadata": ids["metadata"]}
    return event | about | number | named


def _resend(event: Event, address: str, ids: Event) -> Event:
    headers = [{"name": "X-Metadata", "value": json.dumps(ids["metadata"])}]
    headers.append({"name": "Message-ID", "value": ids["message_id"]})
    data = {"email_id": ids["number"], "to": [address], "headers": headers}
    return event | {
        "created_at": timezone.now().isoformat(),
        "data": event.get("data", {}) | data,
    }


def _sparkpost(event: Event, address: str, ids: Event) -> list[Event]:
    about = {
        "raw_rcpt_to": address,
        "timestamp": str(int(_seconds())),
        "event_id": str(next(NUMBERS)),
    }
    named = {"rcpt_meta": ids["metadata"], "transmission_id": ids["number"] or ids["message_id"]}
    return [{"msys": {"message_event": event | about | named}}]


def _unisender_go(event: Event, address: str, ids: Event) -> Event:
    metadata = ids["metadata"] | {"anymail_id": ids["number"] or ids["message_id"]}
    time = timezone.now().strftime("%Y-%m-%d %H:%M:%S")
    about = {"email": address, "metadata": metadata, "event_time": time}
    named = {"event_name": "transactional_email_status", "event_data": event | about}
    return {"auth": "SIGNATURE", "events_by_user": [{"user_id": 1, "events": [named]}]}


WRAPPED: dict[str, Callable[[Event, str, Event], Any]] = {
    "amazon_ses": _amazon_ses,
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mailtrap": _mailtrap,
    "mandrill": _mandrill,
    "postmark": _postmark,
    "resend": _resend,
    "sparkpost": _sparkpost,
    "unisender_go": _unisender_go,
}


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
