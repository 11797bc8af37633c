"""What was refused for a fault of ours: gathered by reason, to be sent again once it is mended."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.mailings import transitions
from newsletter.models import DeliveryState, Mailing
from worker.faults import Fault, status_of


@dataclass(frozen=True)
class Refusal:
    """`reason`: code and status, like "550 5.7.26", or a provider's word. `said`: all of one."""

    reason: str
    said: str
    deliveries: list[int]

    @property
    def count(self) -> int:
        return len(self.deliveries)


def refusals(mailing: Mailing) -> list[Refusal]:
    """The most frequent first. The same refusal has other words for each mail, but one status."""
    rows = mailing.deliveries.filter(state=DeliveryState.REJECTED, fault=Fault.US)
    by_reason = defaultdict[str, list[int]](list)
    words: dict[str, str] = {}
    for key, code, said in rows.values_list("pk", "error_code", "error_text"):
        reason = f"{code} {status_of(said)}".strip()
        by_reason[reason].append(key)
        words.setdefault(reason, f"{code} {said}".strip())
    found = [Refusal(reason, words[reason], keys) for reason, keys in by_reason.items()]
    return sorted(found, key=lambda refusal: -refusal.count)


def send_again(mailing: Mailing, reasons: Iterable[str]) -> int:
    """Queue again what was refused for these reasons; how many it was.

    A mailing that is finished goes on; one that is paused or being sent stays so.
    """
    chosen = set(reasons)
    found = (each for each in refusals(mailing) if each.reason in chosen)
    return transitions.send_again(mailing, [key for each in found for key in each.deliveries])
