"""Which network a request comes from, as a keyed hash: for the rate limit, not to know anybody."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from newsletter.addresses import subject_of

SHARED_BITS = {4: 24, 6: 48}  # what one household, office or congress has in common


def network_of(request: HttpRequest) -> str:
    """The hash of the client's /24 or /48; "" where its address is not known."""
    try:
        client = ip_address(_without_port(client_address(request)))
    except ValueError:
        return ""
    if isinstance(client, IPv6Address) and client.ipv4_mapped:
        client = client.ipv4_mapped
    network = ip_network((int(client), SHARED_BITS[client.version]), strict=False)
    return subject_of(f"network {network}")


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
