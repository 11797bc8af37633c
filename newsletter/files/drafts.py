"""An import that is not finished: it lives in the form that is shown, and nowhere else.

A list of addresses is kept in no session, no row and no file: the page carries it, signed, from
step to step. Who closes the window leaves nothing behind, in no backup either.
"""

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Self

from django.core import signing
from django.utils.translation import gettext_lazy as _

from newsletter.files import tables
from newsletter.files.columns import Reading
from newsletter.files.tables import Table, UnreadableError

SALT = "newsletter.import"
LASTS = timedelta(hours=1)
LARGEST = 2_000_000  # characters; the whole form may have 2.5 MB (DATA_UPLOAD_MAX_MEMORY_SIZE)


@dataclass(frozen=True)
class Draft:
    """`digest`: SHA-256 of the file. `reading`: how it was read for the report that was shown."""

    text: str
    digest: str
    reading: Reading | None = None

    @classmethod
    def begun(cls, content: bytes) -> Self:
        """Of a file. Raises UnreadableError."""
        return cls(tables.text_of(content), hashlib.sha256(content).hexdigest())

    @classmethod
    def opened(cls, sealed: str) -> Self:
        """Of a form that comes back. Raises UnreadableError."""
        try:
            said: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=LASTS)
        except signing.BadSignature as error:
            raise UnreadableError(_("It was too long ago: choose the file again.")) from error
        return cls(said["text"], said["digest"], said["reading"] and Reading(**said["reading"]))

    def sealed(self) -> str:
        """For the form. Raises UnreadableError."""
        sealed = signing.dumps(asdict(self), salt=SALT, compress=True)
        if len(sealed) > LARGEST:
            raise UnreadableError(
                _("This is more than can be checked at once: take out other columns, or split it.")
            )
        return sealed

    def read_by(self, reading: Reading) -> Self:
        return replace(self, reading=reading)

    @property
    def table(self) -> Table:
        """Raises UnreadableError."""
        return tables.table(self.text)
