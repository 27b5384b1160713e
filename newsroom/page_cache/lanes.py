"""How many pages are made at once: two, of the threads at work.

So forms and the desk go on while readers storm pages that nobody has asked for. More at once would
make no more of them: the threads of one process wait for each other, and pay for it.
"""

import threading

SECONDS_FOR_THE_SWIFT = 2
# Then a page that cannot be made is not waited for any longer: there are readers for kept ones.
SECONDS = 10
# Who waits keeps one of the WAITING_THREADS, and PLACES_FOR_BODIES have theirs: some must be left
# for kept pages and the desk.
MAX_WAITING = 24


class Lanes:
    """A lane for pages that are soon made, another for searches and all that had to wait."""

    def __init__(self):
        self.swift, self.other = threading.Lock(), threading.Lock()
        self._places = threading.BoundedSemaphore(MAX_WAITING)

    def enter(self, *, is_swift: bool) -> "threading.Lock | None":
        """Wait for a lane and return it, to be released.

        None where none becomes free, and at once where too many wait already.
        """
        if not self._places.acquire(blocking=False):
            return None
        try:
            if is_swift and self.swift.acquire(timeout=SECONDS_FOR_THE_SWIFT):
                return self.swift
            return self.other if self.other.acquire(timeout=SECONDS) else None
        finally:
            self._places.release()
