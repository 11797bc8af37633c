"""Texts as people paste them into the Directory, made plain: words, lines, nobody's mailbox."""

import re
from html import unescape

from pages.printable import printable

# Mailboxes of an office, which may be shown: the words their local part is made of, before the @,
# beside words of the domain (`biobank.uza@uza.example`). Any other may be a person's.
OFFICE_WORDS = (
    "access admin administration bank biobank biobanking biobanks biobanque bioresource biotheque"
    " bureau collection collections communication contact coordination data dataaccess desk"
    " direction enquiries ethics front helpdesk hello info information inquiries lab laboratory"
    " mail management office privacy project projects request requests research sample samples"
    " secretariaat secretariat service services studies study support team tissue tissuebank trials"
    " tumorbank tumourbank tumorotheque tumourotheque"
)
OFFICES = frozenset(OFFICE_WORDS.split())
ELSEWHERE = "(address in the Directory record)"
BREAKS = "br|hr"
BLOCKS = (
    "address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|figure|footer|form"
    "|h[1-6]|head|header|html|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead"
    "|tr|ul"
)
WITHIN_LINES = (
    "a|abbr|b|big|button|cite|code|dfn|del|em|font|i|iframe|img|input|ins|kbd|label|link|mark|meta"
    r"|object|q|s|samp|script|small|span|strike|strong|style|sub|sup|svg|title|tt|u|\w{1,3}:\w+"
)
VALUE = r"""(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)"""
# Words of a text that only look like some ("stage<III>", "T<2cm and N>1") have no such values.
ATTRIBUTES = rf"(?:\s+[\w:.-]+\s*=\s*{VALUE}(?:\s+[\w:.-]+(?:\s*=\s*{VALUE})?)*)?"
TAG = re.compile(
    rf"<(?P<end>/?)(?:(?P<br>{BREAKS})|(?P<block>{BLOCKS})|(?P<within>{WITHIN_LINES}))"
    rf"(?P<about>{ATTRIBUTES})\s*/?>|<[!?][^<>]*>",
    re.IGNORECASE,
)
STAGES = {"A", "B", "I"}  # of a disease: "stage<I>" is a tag only where something ends it
EDGE = "\x1e"  # of a block; no printable text has it
EDGES = re.compile(rf"{EDGE}(?:[ \t]*{EDGE})*")

AT = r"(?:@|\s?[(\[{]\s?at\s?[)\]}]\s?)"
AMISS = re.compile(rf"[<&]|{AT}", re.IGNORECASE)
DOMAIN = r"[\w-]{1,63}(?:\.[\w-]{1,63})+"
MAIL_ADDRESS = re.compile(
    rf"(?:mailto:)?([\w.+-]{{1,64}}){AT}({DOMAIN})(?:\?[\w=&%+.-]+)?", re.IGNORECASE
)
HIDDEN = re.escape(ELSEWHERE)
IN_BRACKETS = re.compile(rf"[<(\[{{]\s?{HIDDEN}\s?[>)\]}}]")
SEVERAL = re.compile(rf"{HIDDEN}(?:[\s,;/|]*(?:(?:or|and|&)\s+)?{HIDDEN})+")


def plain(value: str, *, instead: str = ELSEWHERE) -> tuple[str, list[str]]:
    """The words of a text, and what was done to them. `instead`: of a person's mail address."""
    if value.isprintable() and not AMISS.search(value):
        return value, []
    said = unescape(value)
    shown = printable(said)
    words = without_markup(shown)
    nameless = without_persons(words, instead)
    steps = {
        "characters that can't be shown were removed": shown != said,
        "markup was removed": words != shown,
        "a mail address was removed": nameless != words,
    }
    return nameless, [what for what, was_done in steps.items() if was_done]


def without_markup(text: str) -> str:
    """A line begins and ends where a block does; signs that are no markup stay."""
    ended = {str(found["within"]).upper() for found in TAG.finditer(text) if found["end"]}

    def replaced(found: re.Match[str]) -> str:
        if found["br"]:
            return "\n"
        if found["block"]:
            return EDGE
        is_stage = found["within"] in STAGES - ended and not found["about"]
        return found[0] if is_stage else ""

    return EDGES.sub("\n", TAG.sub(replaced, text))


def without_persons(text: str, instead: str) -> str:
    """What an office's mailbox is stays; that a person's was there is said, so that no sentence
    ends in the air.
    """

    def replaced(found: re.Match[str]) -> str:
        return found[0] if _is_office(found[1], found[2]) else ELSEWHERE

    nameless = MAIL_ADDRESS.sub(replaced, text)
    if nameless == text:
        return text
    return SEVERAL.sub(ELSEWHERE, IN_BRACKETS.sub(ELSEWHERE, nameless)).replace(ELSEWHERE, instead)


def _is_office(local: str, domain: str) -> bool:
    words = set(re.split(r"[._+-]", local.casefold()))
    known = set(re.split(r"[.-]", domain.casefold()))
    return bool(words & OFFICES) and words <= OFFICES | known
