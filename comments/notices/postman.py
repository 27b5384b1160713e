"""The thread that sends letters after the commit, so that no request waits for a mail server."""

import logging
import threading

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from newsroom import copies

logger = logging.getLogger(__name__)

# It waits so long for letters that are due later, and then goes home. Of what is written for later
# than that, or was left behind by a crash, the command send_notices takes care.
STAYS = 70 * 60
RESTS = 60  # after the mail server has failed


class Postman:
    """At most one thread a process, and none while nothing is due soon."""

    def __init__(self):
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._out = False

    def call(self) -> None:
        """Have what is due sent; returns at once. From a copy of a site nothing is sent."""
        if copies.copied_at():
            return
        with self._lock:
            self._wake.set()
            if not self._out:
                self._out = True
                threading.Thread(target=self._work, name="postman", daemon=True).start()

    def _work(self) -> None:
        pause: float | None = 0
        while pause is not None or not self._may_go():
            self._wake.wait(pause)
            self._wake.clear()
            pause = self._round()

    def _round(self) -> float | None:
        """Send what is due; return in how many seconds to look again, None for not at all."""
        from . import sending  # which knows letters, whose outbox calls this

        try:
            done = sending.deliver()
            due = sending.waiting().values_list("due_at", flat=True).first()
        except Exception:
            logger.exception("The letters could not be sent")
            return None
        finally:
            connection.close()
        wait = (due - timezone.now()).total_seconds() if due else STAYS
        least = RESTS if done[sending.FAILED] else 1
        return max(wait, least) if wait < STAYS else None

    def _may_go(self) -> bool:
        """Whether nobody has called since the last round; after this another thread may start."""
        with self._lock:
            self._out = self._wake.is_set()
            return not self._out


_postman = Postman()


def call_after_commit() -> None:
    """Send what is due once the present transaction is committed, if that is switched on.

    Where that fails the letters wait for send_notices; what was committed is not told as failed.
    """
    if settings.SEND_LETTERS_AT_ONCE:
        transaction.on_commit(_postman.call, robust=True)
