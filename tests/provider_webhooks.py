"""A report as the address of each provider here takes it: wrapped, signed and posted."""

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
