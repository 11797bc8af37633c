"""What keeps a mail from going out, said to its editor."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Problem:
    """A sentence for the editor, in the editor's language: the mail itself is made in its own."""

    def __init__(self, sentence: str, **about: "str | int | Promise | Problem") -> None:
        """`sentence`: marked by gettext_noop, with a `%(name)s` for each thing it is about."""
        self.sentence, self.about = sentence, about

    def __str__(self) -> str:
        return gettext(self.sentence) % self.about if self.about else gettext(self.sentence)

    def __repr__(self) -> str:
        return f"<Problem: {self}>"
