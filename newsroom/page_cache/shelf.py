"""Where finished pages are kept: bounded, and emptied of what has changed."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping

from .asking import Key
from .pages import Form, Page

# Of the room, for all that is no page: whoever asks for addresses that do not exist cannot
# drive out those that do.
MISSES = 1 / 8
# How many ways of asking lead to their page at once, and how many of these to the same one.
MAX_AT_HAND, MAX_WAYS = 10_000, 32

Words = tuple[str | None, ...]


class Making:
    """A page being made: what was heard to have changed meanwhile."""

    def __init__(self) -> None:
        self.heard: dict[str, int] = {}
        self.is_lost = False

    def is_overtaken(self, versions: Mapping[str, int]) -> bool:
        """Whether the page made of these versions is old already, or may be."""
        return self.is_lost or any(
            versions[stamp] < version for stamp, version in self.heard.items() if stamp in versions
        )


class _Room:
    """Pages in the order in which they may go, within a number of bytes."""

    def __init__(self, limit: float):
        self.limit = limit
        self.bytes = 0
        self.sizes: dict[Key, int] = {}


class Shelf:
    """The pages of one process. All that changes it holds the lock; reading does not."""

    def __init__(self, limit_bytes: int):
        self.pages: dict[Key, Page] = {}
        self.at_hand: dict[Words, tuple[Page, Form]] = {}
        self._lock = threading.RLock()
        self._under: defaultdict[str, set[Key]] = defaultdict(set)
        self._makings: set[Making] = set()
        misses = limit_bytes * MISSES
        self._rooms = {True: _Room(limit_bytes - misses), False: _Room(misses)}

    @property
    def bytes(self) -> int:
        """How much memory all pages take together."""
        return sum(room.bytes for room in self._rooms.values())

    def stamps(self) -> list[str]:
        """The stamps of all pages kept."""
        with self._lock:
            return list(self._under)

    def begin(self) -> Making:
        """Say that a page is going to be made: from now on changes are noted for it."""
        making = Making()
        with self._lock:
            self._makings.add(making)
        return making

    def end(self, making: Making) -> None:
        """Say that nothing more is to be noted for it."""
        with self._lock:
            self._makings.discard(making)

    def put(self, key: Key, page: Page, making: Making) -> bool:
        """Keep the page unless something it shows has changed since it was begun.

        One that would drive out all others is not kept either.
        """
        with self._lock:
            if making.is_overtaken(page.versions) or page.size > self._room(page).limit / 4:
                return False
            self.drop(key)
            self.pages[key] = page
            for stamp in page.versions:
                self._under[stamp].add(key)
            self._account(key, page)
            return True

    def remember(self, key: Key, words: Words, page: Page, form: Form) -> None:
        """Let words lead to a form of a page at once, as long as that is kept; if it is."""
        with self._lock:
            is_kept = self.pages.get(key) is page
            if not is_kept or words in self.at_hand or len(page.words) >= MAX_WAYS:
                return
            if len(self.at_hand) >= MAX_AT_HAND:
                self._forget()
            self.at_hand[words] = page, form
            page.words.append(words)

    def _forget(self) -> None:
        self.at_hand.clear()
        for page in self.pages.values():
            page.words.clear()

    def grew(self, key: Key, page: Page) -> None:
        """Count a page anew that has got another encoding."""
        with self._lock:
            if self.pages.get(key) is page:
                self._account(key, page)

    def drop(self, key: Key) -> None:
        """Keep the page no longer."""
        with self._lock:
            page = self.pages.pop(key, None)
            if page is None:
                return
            page.is_dropped = True
            for words in page.words:
                self.at_hand.pop(words, None)
            for stamp in page.versions:
                self._under[stamp].discard(key)
                if not self._under[stamp]:
                    del self._under[stamp]
            room = self._room(page)
            room.bytes -= room.sizes.pop(key)

    def hear(self, changes: Iterable[tuple[str, int]]) -> None:
        """Drop every page made of an older version of one of these stamps."""
        with self._lock:
            for stamp, version in changes:
                for making in self._makings:
                    making.heard[stamp] = max(version, making.heard.get(stamp, 0))
                for key in list(self._under.get(stamp, ())):
                    if self.pages[key].versions[stamp] < version:
                        self.drop(key)

    def compare(self, found: Mapping[str, int]) -> None:
        """Drop every page of other versions of these stamps: older, or newer than there are.

        Newer ones are those of a database that has come back as it was before.
        """
        with self._lock:
            for stamp, version in found.items():
                for key in list(self._under.get(stamp, ())):
                    if self.pages[key].versions[stamp] != version:
                        self.drop(key)

    def clear(self) -> None:
        """Keep nothing of what is here or is being made now."""
        with self._lock:
            self.lose()
            for key in list(self.pages):
                self.drop(key)

    def lose(self) -> None:
        """Say that changes may have gone unheard: what is being made now is not kept."""
        with self._lock:
            for making in self._makings:
                making.is_lost = True

    def _room(self, page: Page) -> _Room:
        return self._rooms[page.status == 200]

    def _account(self, key: Key, page: Page) -> None:
        room, size = self._room(page), page.size
        room.bytes += size - room.sizes.pop(key, 0)
        room.sizes[key] = size
        self._make_way(room)

    def _make_way(self, room: _Room) -> None:
        """Let pages go, the oldest first; one used since its last turn gets another."""
        while room.bytes > room.limit:
            key = next(iter(room.sizes))
            page = self.pages[key]
            if page.is_used:
                page.is_used = False
                room.sizes[key] = room.sizes.pop(key)
            else:
                self.drop(key)
