"""Which network a request comes from, and how often its people may do something within the hour."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import models
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

SHARED_BITS = {4: 24, 6: 48}  # what one household, office or congress has in common
HOUR = timedelta(hours=1)


class HourlyCount(models.Model):
    """How often a network did one thing in one hour.

    `key` is a keyed hash of thing, network and hour: from hour to hour nobody is the same.
    """

    seen_by_visitors = False

    key = models.CharField(max_length=64, unique=True)
    hour = models.DateTimeField(db_index=True)
    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hour:%H:%M}: {self.number}"


def may_once_more(what: str, request: HttpRequest, most: int) -> bool:
    """Count one more of `what` by the network of a request, if it had fewer than `most` this hour.

    Who asks from an address that is not known shares one count.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    about = f"{what} {network_of(request)} {hour.isoformat()}"
    key = salted_hmac("visitors.networks", about, algorithm="sha256").hexdigest()
    HourlyCount.objects.get_or_create(key=key, defaults={"hour": hour})
    fewer = HourlyCount.objects.filter(key=key, number__lt=most)
    return fewer.update(number=F("number") + 1) == 1


def forget_past_hours() -> int:
    """How many counts it was."""
    return HourlyCount.objects.filter(hour__lte=timezone.now() - HOUR).delete()[0]


def network_of(request: HttpRequest) -> str:
    """The client's /24 or /48; "" where its address is not known."""
    try:
        client = ip_address(_without_port(client_address(request)))
    except ValueError:
        return ""
    if isinstance(client, IPv6Address) and client.ipv4_mapped:
        client = client.ipv4_mapped
    return str(ip_network((int(client), SHARED_BITS[client.version]), strict=False))


def client_address(request: HttpRequest) -> str:
    """Who asks, as told by the outermost proxy that is ours: what stands before it can be made up.

    Each proxy adds at the right whom it was asked by, and the last one is who asks this process.
    """
    hops = settings.TRUSTED_PROXY_HOPS
    forwarded = request.headers.get("X-Forwarded-For", "")
    told = [part.strip() for part in forwarded.split(",") if part.strip()]
    if not hops or not told:
        return request.META.get("REMOTE_ADDR", "")
    return told[-hops:][0]


def _without_port(told: str) -> str:
    """Some proxies tell one: 192.0.2.1:5000, [2001:db8::1]:5000."""
    if told.startswith("["):
        return told[1:].partition("]")[0]
    return told.partition(":")[0] if told.count(":") == 1 else told
