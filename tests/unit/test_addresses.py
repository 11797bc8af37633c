"""Addresses: what is taken, what is refused, and which two are one."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from pytest_django.fixtures import Settings

from newsletter.addresses import Address, read, subject_of

ZERO_WIDTH = "\u200b"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada@example.org", "ada@example.org"),
        (" ada@example.org\t", "ada@example.org"),
        ("Ada.Peeters@Example.ORG", "Ada.Peeters@example.org"),
        ("ada+news@example.org", "ada+news@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@faß.example", "ada@xn--fa-hia.example"),  # not fass: IDNA 2008
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),  # two signs for one letter
        ("ada@sub.example.museum", "ada@sub.example.museum"),
        ("info@example.org", "info@example.org"),
    ],
)
def test_an_address_is_kept_as_typed_but_for_its_domain(typed: str, kept: str) -> None:
    assert str(read(typed)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada@example",
        "ada@localhost",
        "ada@example.org.",
        "ada@.example.org",
        "ada@example..org",
        "ada@-example.org",
        "ada@exam_ple.org",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@[IPv6:::1]",
        "ada..peeters@example.org",
        ".ada@example.org",
        "ada.@example.org",
        '"ada"@example.org',
        '"ada peeters"@example.org',
        "ada peeters@example.org",
        "Ada <ada@example.org>",
        "ada@example.org, bob@example.org",
        "ada@example.org;bob@example.org",
        "ada@example.org bob@example.org",
        "ada\u00a0@example.org",
        "ada@exam\u3000ple.org",
        "élise@example.org",
        "аda@example.org",  # noqa: RUF001  its first letter is Cyrillic
        "ada@xn--a.example",
        "ada@xn--99999999999.example",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 64 + ".org",
        "ada@" + "a." * 130 + "org",
        "ada@" + "é" * 200 + ".org",
        "a" * 10_000 + "@example.org",
        "ada@" + "a" * 10_000,
        "@" * 10_000,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        read(typed)


@pytest.mark.parametrize(
    "sign",
    ["\r", "\n", "\r\nBcc: bob@example.org", "\0", "\x1b", "\x7f", "\x85", "\t", "\u202e", "\u2066",
     "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u2029", "\ue000", "\ud800",
     "\U000e0041", "\u034f", "\u3164", "\ufe0f", "\U000e0100"],
    ids=ascii,
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 2, 3, 4, 9, 15])
def test_signs_that_nobody_sees_are_refused(sign: str, place: int) -> None:
    text = "ada@example.org"
    typed = text[:place] + sign + text[place:]
    if typed.strip(" \t") == text:
        return
    with pytest.raises(ValidationError):
        read(typed)


@pytest.mark.parametrize("local", ["postmaster", "Abuse", "NOREPLY", "no-reply", "mailer-daemon"])
def test_addresses_that_nobody_reads_are_refused(local: str) -> None:
    with pytest.raises(ValidationError, match="Nobody reads"):
        read(f"{local}@example.org")


def test_the_longest_address_is_taken_and_one_more_is_not() -> None:
    domain = ".".join(["a" * 63, "b" * 61, "c" * 61]) + ".be"
    longest = "l" * (254 - len(domain) - 1) + "@" + domain
    assert len(longest) == 254
    assert str(read(longest)) == longest
    with pytest.raises(ValidationError):
        read("l" + longest)


def test_no_address_makes_a_header() -> None:
    """Whatever is taken is of visible ASCII without a blank, a bracket or a quote."""
    for number in range(0x250):
        for typed in (f"a{chr(number)}b@example.org", f"ab@a{chr(number)}b.org"):
            try:
                text = str(read(typed))
            except ValidationError:
                continue
            assert text.isascii()
            assert text.isprintable()
            assert not set(text) & set(' <>()",;:\\[]')


def test_one_mailbox_in_two_spellings_is_one_person() -> None:
    one, other = read("Ada.Peeters@Example.org"), read("ada.PEETERS@example.ORG")
    assert one.key == other.key
    assert one.subject == other.subject


@pytest.mark.parametrize("other", ["adapeeters@example.org", "ada.peeters+x@example.org"])
def test_dots_and_tags_make_another_person_of_the_same_mailbox(other: str) -> None:
    one = read("ada.peeters@example.org")
    assert read(other).subject != one.subject
    assert read(other).mailbox == one.mailbox


def test_a_subject_says_nothing_without_the_key(settings: Settings) -> None:
    before = subject_of("ada@example.org")
    assert len(before) == 64
    assert "ada" not in before
    settings.ADDRESS_KEY = "another key" * 6
    assert subject_of("ada@example.org") != before


def test_a_masked_address_shows_one_letter_and_the_domain() -> None:
    assert Address("ada", "example.org").masked == "a••••@example.org"
    assert Address("x", "example.org").masked == "x••••@example.org", "not even how long it is"


def test_the_mend_is_said_in_the_language_of_the_reader() -> None:
    with override("en"), pytest.raises(ValidationError, match=r"name@example\.org"):
        read("ada")
