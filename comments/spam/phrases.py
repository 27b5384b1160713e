"""The word list, compiled: finds its phrases in a text, in time linear in the text.

A phrase with marks is found where these marks stand. Without marks it is found only where the
text around it is written without any, and only if it has several syllables: "cac" is nearly
always "các". A word that hides (leet, letters of other scripts, letters typed apart) is compared
without marks wherever it stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsroom import vietnamese
from newsroom.vietnamese import fold
from newsroom.vietnamese.syllables import is_syllable

from .tokens import MAX_WORD, Reading, Token, masked, spelt, tokens

MIN_HIDDEN = 3  # letters of a single word that hides
MIN_TYPED_APART = 4  # letters of a phrase that is looked for within letters typed apart
MIN_GLUED = 6  # letters of a phrase without marks typed as one word


@dataclass(frozen=True)
class Phrase:
    """One entry of the list."""

    text: str
    points: int
    is_allowed: bool = False


@dataclass(frozen=True)
class Match:
    """A phrase and where it stands, in code points."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True)
class _Entry:
    """A phrase with what decides how it may be typed."""

    phrase: Phrase
    words: int
    letters: str

    def counts_as(self, token: Token) -> bool:
        """Whether a single word is this phrase; "ngu" would be another word with marks."""
        if token.reading.hidden:
            return len(self.letters) >= MIN_HIDDEN
        return not (token.bare and fold(self.letters) in vietnamese.folded_syllables())

    def is_spelt(self, letters: str, least: int = 0) -> bool:
        """Whether the letters, typed as one word, are these with their marks, or with none."""
        return letters == self.letters or (len(letters) >= least and fold(letters) == letters)


@dataclass
class _Node:
    """What may follow the words so far, and what they are."""

    children: dict[str, list["_Node"]] = field(default_factory=dict)
    entries: list[_Entry] = field(default_factory=list)

    def after(self, token: Token) -> Iterable["_Node"]:
        """Return where a word leads to."""
        found = [child for key in token.keys for child in self.children.get(key, ())]
        return {id(child): child for child in found}.values() if len(found) > 1 else found

    def grown(self, word: Reading) -> "_Node":
        """Return where a word of the list leads to, making the way there."""
        exact = f"={word.exact[0]}"
        if exact not in self.children:
            child = _Node()
            keys = {exact, f"~{word.folded[0]}", f"={masked(word.letters)}"}
            for key in keys | {f"={masked(fold(word.letters))}"}:
                self.children.setdefault(key, []).append(child)
        return self.children[exact][0]


@dataclass(frozen=True)
class _Way:
    """The words from `first` on that have led to a node."""

    node: _Node
    first: Token
    hides: bool = False

    def on(self, token: Token) -> Iterator["_Way"]:
        """Yield where the next word leads."""
        hides = self.hides or token.reading.hidden
        return (_Way(child, self.first, hides) for child in self.node.after(token))

    def matches(self, last: Token) -> Iterator[Match]:
        """Yield what ends here; nobody hides in order to say something harmless."""
        for entry in self.node.entries:
            fits = self.first is not last or entry.counts_as(last)
            if fits and not (self.hides and entry.phrase.is_allowed):
                yield Match(entry.phrase, self.first.start, last.end)


class Phrases:
    """All phrases of a list, ready to be looked for."""

    def __init__(self, phrases: Iterable[Phrase]):
        self._root = _Node()
        self._glued: dict[str, list[_Entry]] = {}
        for phrase in phrases:
            self._add(phrase)
        self._lengths = sorted({len(glued) for glued in self._glued}, reverse=True)

    def find(self, text: str) -> list[Match]:
        """Return the watched phrases in `text` in order, none within another or an allowed one."""
        return _telling(list(dict.fromkeys(self._matches(text))))

    def _matches(self, text: str) -> Iterator[Match]:
        plain = tokens(text)
        joined = spelt(plain)
        yield from self._walk(plain)
        if len(joined) < len(plain):
            yield from self._walk(joined)
        for token in joined:
            yield from self._apart(token) if token.apart else self._together(token)

    def _walk(self, found: list[Token]) -> Iterator[Match]:
        """Follow every phrase from every word on."""
        under_way: list[_Way] = []
        for token in found:
            begun = [*([] if token.begins else under_way), _Way(self._root, token)]
            under_way = [further for way in begun for further in way.on(token)]
            for way in under_way:
                yield from way.matches(token)

    def _apart(self, token: Token) -> Iterator[Match]:
        """Look for phrases within letters typed apart: "đ ồ n g u"."""
        letters, plain = token.reading.letters, token.reading.plain
        if len(plain) != len(letters) or len(letters) > MAX_WORD:
            return
        for start in range(len(plain)):
            for length in self._lengths:
                for entry in self._glued.get(plain[start : start + length], ()):
                    if length >= MIN_TYPED_APART and entry.is_spelt(
                        letters[start : start + length]
                    ):
                        yield Match(entry.phrase, token.start, token.end)

    def _together(self, token: Token) -> Iterator[Match]:
        """Look a word up that may be several typed as one: "đồngu"."""
        letters = token.reading.letters
        for entry in self._glued.get(token.reading.plain, ()):
            if entry.is_spelt(letters, MIN_GLUED) and not is_syllable(letters):
                yield Match(entry.phrase, token.start, token.end)

    def _add(self, phrase: Phrase) -> None:
        words = [token.reading for token in tokens(phrase.text) if token.reading.exact]
        if not words:
            return
        letters = "".join(word.letters for word in words)
        entry = _Entry(phrase, len(words), letters)
        node = self._root
        for word in words:
            node = node.grown(word)
        node.entries.append(entry)
        if len(words) > 1:
            self._glued.setdefault(fold(letters), []).append(entry)


def _telling(matches: list[Match]) -> list[Match]:
    """Keep the longest of those that lie within one another, and none that uses an allowed word.

    "côn đồ" being allowed, "côn đồ bỏ đi" is no "đồ bỏ đi".
    """
    kept: list[Match] = []
    reach = allowed = -1
    for match in sorted(matches, key=_longest_first):
        if match.end > reach and match.start >= allowed:
            reach = match.end
            allowed = match.end if match.phrase.is_allowed else allowed
            kept.append(match)
    return [match for match in kept if not match.phrase.is_allowed]


def _longest_first(match: Match) -> tuple[int, int, bool, int]:
    """In order of place; at one place the longest, of equals what is allowed, then the worst."""
    return match.start, -match.end, not match.phrase.is_allowed, -match.phrase.points
