"""Signed links: each purpose has its own salt and lifetime, and nothing is stored."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import override

SEPARATOR = "."  # Django's own, the colon, is cut from an address by some mail programs
LONGEST_TOKEN = 500  # characters: nothing we sign comes near


class InvalidTokenError(Exception):
    """Altered, expired, or made for another purpose: the bearer need not know which."""


@dataclass(frozen=True)
class Purpose:
    """What a link may do. `lifetime` None: for ever. `by`: the field of the row that it holds."""

    name: str
    lifetime: timedelta | None
    by: str = "uuid"

    def _signer(self) -> signing.TimestampSigner:
        return signing.TimestampSigner(sep=SEPARATOR, salt=f"newsletter.{self.name}")

    def token(self, about: str) -> str:
        """`about`: what a row is known by, most often its uuid in hex."""
        return self._signer().sign(about)

    def token_of(self, row: Model) -> str:
        known_by = getattr(row, self.by)
        return self.token(known_by.hex if isinstance(known_by, UUID) else str(known_by))

    def read(self, token: str, *, even_expired: bool = False) -> str:
        """What the token is about. Raises InvalidTokenError."""
        if len(token) > LONGEST_TOKEN:
            raise InvalidTokenError
        try:
            return self._signer().unsign(token, max_age=None if even_expired else self.lifetime)
        except (signing.BadSignature, ValueError) as error:
            raise InvalidTokenError from error

    def link(self, language: str, row: Model) -> str:
        """The full address of the page of ours that reads such a token; it is called as this is."""
        with override(language):
            return settings.SITE_URL + reverse(f"newsletter:{self.name}", args=[self.token_of(row)])


# About a SignUp.
CONFIRM = Purpose("confirm", timedelta(hours=72))
NEVER_AGAIN = Purpose("never_again", timedelta(days=7))  # as long as the sign-up is kept
OF_SIGN_UP = (CONFIRM, NEVER_AGAIN)

CONFIRM_ADDRESS = Purpose("confirm_address", timedelta(hours=72))  # about an AddressChange
DRAFT = Purpose("draft", timedelta(days=14), "pk")  # about a revision of an issue
# In the links of a test mail: about nobody. Every page that reads a token says so.
TRIAL = Purpose("trial", timedelta(days=14))

# About a Subscriber.
UNSUBSCRIBE = Purpose("unsubscribe", None)  # a right to leave does not expire

# Another mailbox, another `page_uuid`: the links mailed to the former one end with it.
MAILBOX = "page_uuid"
MANAGE = Purpose("manage", timedelta(days=30), MAILBOX)
CHANGE_ADDRESS = Purpose("change_address", timedelta(minutes=15), MAILBOX)
DOWNLOAD = Purpose("download", timedelta(minutes=15), MAILBOX)
ERASE = Purpose("erase", timedelta(minutes=15), MAILBOX)
UNDO = Purpose("undo", timedelta(days=30), MAILBOX)  # as long as the address is kept after leaving
UNDO_NOW = Purpose("undo_now", timedelta(hours=1), MAILBOX)  # for whoever just left by a link
RECONSENT = Purpose("reconsent", timedelta(days=60), MAILBOX)
OF_SUBSCRIBER = (
    UNSUBSCRIBE, MANAGE, CHANGE_ADDRESS, DOWNLOAD, ERASE, UNDO, UNDO_NOW, RECONSENT,
)  # fmt: skip


def is_of_trial(token: str) -> bool:
    try:
        return bool(TRIAL.read(token))
    except InvalidTokenError:
        return False
