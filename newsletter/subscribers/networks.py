"""Which network a request comes from, as a keyed hash: for the rate limit, not to know anybody."""

from django.http import HttpRequest

from newsletter.addresses import subject_of
from visitors import networks


def network_of(request: HttpRequest) -> str:
    """The hash of the client's /24 or /48; "" where its address is not known."""
    network = networks.network_of(request)
    return subject_of(f"network {network}") if network else ""
