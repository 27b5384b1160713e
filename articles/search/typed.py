"""What somebody typed into the search box, read: words, phrases in quotes, words not wanted.

Nothing typed is ever an error; `Typed.lacks` says what is missing, `Typed.cut` that it was long.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from newsroom import vietnamese
from newsroom.vietnamese import Word

from .conditions import All, Condition, Phrase, Without

MAX_CHARS = 300
MAX_WORDS = 32

_CURLY = str.maketrans("“”„‟«»＂", '"' * 7)
# A minus says "without" before a letter or a quotation, not before a number.
_PART = re.compile(
    r'(?P<minus>(?<!\S)-(?=["\w])(?!\d))?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))'
)


class Lack(StrEnum):
    """Why a query finds nothing whatever the archive holds."""

    EMPTY = "empty"  # nothing was typed
    WORDLESS = "wordless"  # no letter, no digit
    ONLY_UNWANTED = "only unwanted"  # says only what is not to be found


@dataclass(frozen=True)
class Part:
    """Words that must stand one behind the other: quoted, or typed as one, as "18-NQ/TW" is."""

    words: tuple[Word, ...]
    quoted: bool = False

    @property
    def condition(self) -> Phrase:
        """A quotation typed with accents means these very ones."""
        exact = self.quoted and has_accents(self.words)
        return phrase(self.words, exact=exact)


@dataclass(frozen=True)
class Typed:
    """A query: what is wanted, what is not, and the text that was read."""

    text: str = ""
    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()
    cut: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        """All words wanted, in order."""
        return tuple(word for part in self.wanted for word in part.words)

    @property
    def lacks(self) -> Lack | None:
        """What is missing for a search; None when nothing is."""
        if self.wanted:
            return None
        if self.unwanted:
            return Lack.ONLY_UNWANTED
        return Lack.WORDLESS if self.text else Lack.EMPTY

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words: no quotation, nothing excluded, no document's number."""
        single = all(len(part.words) == 1 and not part.quoted for part in self.wanted)
        return single and not self.unwanted

    def condition(self) -> Condition:
        """Everything wanted and nothing unwanted; only for a query that lacks nothing."""
        return self.narrowed(All(tuple(part.condition for part in self.wanted)))

    def narrowed(self, condition: Condition) -> Condition:
        """Return `condition` without the unwanted."""
        unwanted = tuple(part.condition for part in self.unwanted)
        return Without(condition, unwanted) if unwanted else condition


def read(text: str | None) -> Typed:
    """Read a query; cut to MAX_CHARS characters and MAX_WORDS words. Never raises."""
    text = text or ""
    cleaned = vietnamese.clean(text[: 4 * MAX_CHARS])
    cut = len(text) > 4 * MAX_CHARS or len(cleaned) > MAX_CHARS
    cleaned = cleaned[:MAX_CHARS].strip()
    wanted, unwanted, left = [], [], MAX_WORDS
    for match in _PART.finditer(cleaned.translate(_CURLY)):
        words = vietnamese.words(match["plain"] or match["quoted"] or "")
        cut = cut or len(words) > left
        part = Part(tuple(words[:left]), quoted=match["quoted"] is not None)
        left -= len(part.words)
        if part.words:
            (unwanted if match["minus"] else wanted).append(part)
    return Typed(cleaned, tuple(wanted), tuple(unwanted), cut)


def phrase(words: tuple[Word, ...], *, exact: bool, headline: bool = False) -> Phrase:
    """Return the words as a phrase, with or without their accents."""
    spelt = tuple(word.exact if exact else word.folded for word in words)
    return Phrase(spelt, exact, headline)


def has_accents(words: tuple[Word, ...]) -> bool:
    """Whether anything was typed with accents, so that they count."""
    return any(word.exact != word.folded for word in words)
