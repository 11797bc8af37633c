"""Mail addresses: read with care, compared without regard to case, and known by a keyed hash."""

import hmac
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 254  # characters (RFC 5321 section 4.5.3.1.3, less the angle brackets)
LONGEST_LOCAL = 64  # characters (RFC 5321 section 4.5.3.1.1)
# Other characters than these can pretend to be another address, or break a header.
UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
# Of other categories, and seen as little: UTS 46 drops them from a domain without a word
# (Unicode's Default_Ignorable_Code_Point).
IGNORED = frozenset(
    chr(number)
    for numbers in (
        (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
    )
    for number in numbers
)
# Mail to these is read by whoever runs the mail server, or by nobody (RFC 2142).
NOBODY = {"abuse", "mailer-daemon", "no-reply", "noreply", "postmaster"}


@dataclass(frozen=True)
class Address:
    """`local` as typed; `domain` in small letters, as the domain name system has it (IDNA 2008)."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """What two spellings of one address share. Dots and a +tag stay: they can be two people."""
        return f"{self.local.lower()}@{self.domain}"

    @property
    def mailbox(self) -> str:
        """What many spellings that reach one mailbox share: for counting what it is sent."""
        local = self.local.lower().partition("+")[0].replace(".", "")
        return f"{local}@{self.domain}"

    @property
    def subject(self) -> str:
        return subject_of(self.key)

    @property
    def masked(self) -> str:
        """Enough for its owner to know it: a••••@example.org."""
        return f"{self.local[0]}••••@{self.domain}"


def read(typed: str) -> Address:
    """The address somebody typed. Raises ValidationError, which says what to mend."""
    text = unicodedata.normalize("NFC", typed.strip(" \t"))
    if any(sign in IGNORED or unicodedata.category(sign) in UNSEEN for sign in text):
        raise ValidationError(_("The address has an invisible character: type it anew."), "unseen")
    if len(text) > LONGEST_ADDRESS:
        raise ValidationError(_("This is too long for an e-mail address."), "long")
    local, at, domain = text.rpartition("@")
    if not at:
        raise _not_an_address()
    address = Address(local, _ascii(domain))
    _check(address)
    return address


@lru_cache(maxsize=1000)  # a list has few domains, and each costs more than all else
def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode().lower()
    except idna.IDNAError as error:
        raise _not_an_address() from error


def _check(address: Address) -> None:
    local, domain = address.local, address.domain
    is_plain = local.isascii() and '"' not in local and len(local) <= LONGEST_LOCAL
    has_a_name = "." in domain and not domain.rpartition(".")[2].isdigit()
    if not is_plain or not has_a_name or len(str(address)) > LONGEST_ADDRESS:
        raise _not_an_address()
    try:
        validate_email(str(address))
    except ValidationError as error:
        raise _not_an_address() from error
    if local.lower() in NOBODY:
        raise ValidationError(_("Nobody reads mail at this address: give your own."), "nobody")


def _not_an_address() -> ValidationError:
    return ValidationError(
        _("This is not an e-mail address: it should look like name@example.org."), "invalid"
    )


def subject_of(key: str) -> str:
    """The keyed hash a person is known by where the address is not kept (HMAC-SHA256, hex).

    It is still personal data (GDPR art. 4(5)), of use only to who holds ADDRESS_KEY.
    """
    return hmac.new(settings.ADDRESS_KEY.encode(), key.encode(), sha256).hexdigest()
