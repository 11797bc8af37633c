"""What the worker does for the newsletter."""

from newsletter import retention
from newsletter.mailings import transitions
from newsletter.sending import bounces, claims, reports
from newsletter.sending.sender import SLICE_SECONDS, Sender
from newsletter.subscribers import sign_up_queue
from worker.mailbox import LONGEST_ROUND, Mailbox
from worker.steps import MINUTE, IsStopping, Step, step

LAPSE_SECONDS = 5
MAILING_SECONDS = 1


def send_due(is_stopping: IsStopping) -> Step:
    sender = Sender(is_stopping)
    return Step(
        sender.send_due,
        in_thread=True,
        longest=SLICE_SECONDS + claims.sending_seconds(),
        interrupt=sender.transport.hang_up,
        close=sender.close,
    )


def read_bounces(is_stopping: IsStopping) -> Step:
    mailbox = Mailbox()
    return Step(
        lambda: bounces.read(mailbox, is_stopping),
        every=MINUTE,
        in_thread=True,
        longest=LONGEST_ROUND,
        interrupt=mailbox.hang_up,
    )


decide_sign_ups = step(sign_up_queue.decide_sign_ups)
answer_link_requests = step(sign_up_queue.answer_link_requests)
begin_what_is_due = step(transitions.begin_what_is_due, every=MAILING_SECONDS)
finish_what_is_done = step(transitions.finish_what_is_done, every=MAILING_SECONDS)
take_up_reports = step(reports.take_up_reports, every=LAPSE_SECONDS)
return_lapsed = step(claims.return_lapsed, every=LAPSE_SECONDS)
settle_what_stays_uncertain = step(transitions.settle_what_stays_uncertain, every=MINUTE)
erase_what_is_due = step(retention.erase_what_is_due, every=MINUTE)
