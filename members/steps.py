"""What the worker does for the biobanks."""

from members.directory import importing
from visitors.networks import forget_past_hours as forget
from worker.steps import MINUTE, step

# It asks another machine, for DIRECTORY_SECONDS at most.
import_directory = step(importing.do_what_is_due, every=MINUTE, in_thread=True)

forget_past_hours = step(forget, every=MINUTE)  # of who asked for samples
