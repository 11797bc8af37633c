"""Running the import, and what it leaves behind."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.management.commands.import_directory import DEGRADED
from members.models import ImportRun
from tests.directory import DirectoryServer
from worker.loop import Worker


def run(*words: str) -> str:
    """What the import prints, a degraded one too."""
    said = StringIO()
    try:
        call_command("import_directory", *words, stdout=said)
    except CommandError as error:
        if error.returncode != DEGRADED:
            raise
        said.write(str(error))
    return said.getvalue()


def refused(*words: str) -> str:
    """Why the import does not run."""
    with pytest.raises(CommandError) as error:
        run(*words)
    return str(error.value)


def last_run() -> ImportRun:
    run = ImportRun.objects.first()
    assert run
    return run


def due_run(directory: DirectoryServer) -> int:
    """How many questions the worker asks in one round."""
    before = len(directory.queries)
    assert Worker().run_once()
    return len(directory.queries) - before
