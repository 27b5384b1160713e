"""How many pages are made at once: two, of the threads at work.

So forms and the desk go on while readers storm pages that nobody has asked for. More at once would
make no more of them: the threads of one process wait for each other, and pay for it.
"""

import threading

SECONDS_FOR_THE_SWIFT = 2
# Then a page that cannot be made is not waited for any longer: there are readers for kept ones.
SECONDS = 10


class Lanes:
    """A lane for pages that are soon made, another for searches and all that had to wait."""

    def __init__(self):
        self.swift, self.other = threading.Lock(), threading.Lock()

    def enter(self, *, is_swift: bool) -> "threading.Lock | None":
        """Wait for a lane and return it, to be released; None where none becomes free."""
        if is_swift and self.swift.acquire(timeout=SECONDS_FOR_THE_SWIFT):
            return self.swift
        return self.other if self.other.acquire(timeout=SECONDS) else None
