"""What goes wrong with a server that runs, one thing after the other, and what must hold then."""

import http.client
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from django.db import connection, transaction

from newsroom import stamps
from newsroom.models import Stamp
from tests.page_cache import clocks, servers
from tests.page_cache.clusters import Cluster, cut_listeners
from tests.security import disks
from tests.security.at_work import Site
from tests.security.ledger import Odd, Seen

HOUR, DAY = 3_600, 86_400
WELL_SECONDS, GIVE_UP_SECONDS = 5, 30
WORKERS = 2
BUMPS = 5
PUBLISHING_SECONDS = 0.1  # about as long as an answer to “Đăng” takes under load


@dataclass(frozen=True)
class Seconds:
    """How long each kind of fault lasts."""

    locked: float = 20
    full: float = 10
    stopped: float = 10
    wrong_clock: float = 15


@dataclass(frozen=True)
class Fault:
    """One fault, by the monotonic clock; `well` is after how many seconds all was well again."""

    kind: str
    began: float
    ended: float
    well: float
    allows: frozenset[Odd]
    spares: frozenset[str] = field(default=frozenset())

    def explains(self, seen: Seen) -> bool:
        """Whether it is why somebody saw something odd."""
        meanwhile = self.began <= seen.ended and seen.begun <= self.ended + WELL_SECONDS
        return meanwhile and seen.what in self.allows and seen.who not in self.spares


class Harm:
    """Runs the server of a site, and does it harm.

    `session` is that of somebody at the desk. `kinds` leads from the name of a fault to the method
    that makes it, which returns when it is over, to what people may see meanwhile, and to who
    notices nothing at all.
    """

    def __init__(
        self,
        folder: Path,
        site: Site,
        session: str,
        seconds: Seconds,
        cluster: Cluster | None = None,
    ):
        self.folder, self.site, self.session = folder, site, session
        self.seconds, self.cluster = seconds, cluster
        self.clock = folder / "clock"
        self.starts = 0
        self.chance = random.Random(1)
        self.wrong = cycle((-HOUR, DAY))  # clocks a server is restarted with
        self._running = ExitStack()

    def kinds(self) -> dict[str, tuple[Callable[[], None], set[Odd], set[str]]]:
        """Return what can go wrong on this database."""
        gone, away, refused = {Odd.NOTHING}, {Odd.AWAY}, {Odd.REFUSED}
        early = refused | {Odd.EARLY}
        shared = {
            "worker killed": (self.kill, gone, set()),
            "clock an hour back": (lambda: self.turn(-HOUR), refused, set()),
            "reloaded": (self.reload, set(), set()),
            "clock a day ahead": (lambda: self.turn(DAY), early, set()),
            "all pages old": (self.make_old, set(), set()),
            "restarted by a wrong clock": (self.restart_astray, gone | early, set()),
        }
        if self.cluster is None:
            return shared | {
                "locked": (self.lock, away, {"reader"}),
                "disk full": (self.fill, away, {"reader"}),
            }
        return shared | {
            "database restarted": (lambda: self.stop_database(0), away, set()),
            "database stopped": (lambda: self.stop_database(self.seconds.stopped), away, set()),
            "listeners cut": (cut_listeners, set(), set()),
        }

    def make(self, kind: str) -> Fault:
        """Let it happen, and wait until all is well."""
        act, allows, spares = self.kinds()[kind]
        began = time.monotonic()
        act()
        ended = time.monotonic()
        while not self.is_well() and time.monotonic() < ended + GIVE_UP_SECONDS:
            time.sleep(0.1)
        well = time.monotonic() - ended
        servers.until(lambda: self.site.node.listening() == WORKERS, what=f"{kind}: not whole")
        return Fault(kind, began, ended, well, frozenset(allows), frozenset(spares))

    def is_well(self) -> bool:
        """Whether a page, a form (which writes) and the desk are there."""
        get = self.site.node.get
        desk = {"Cookie": f"sessionid={self.session}"}
        with suppress(OSError, http.client.HTTPException):
            pages = (get("/"), get(self.site.form), get("/admin/", **desk))
            return all(page.status == 200 for page in pages)
        return False

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Have the server run inside."""
        self.begin()
        try:
            yield
        finally:
            self._running.close()

    def begin(self) -> None:
        """Start the server anew; whatever it has to say stands in a folder of its own."""
        self._running.close()
        self.starts += 1
        folder = self.folder / f"start-{self.starts}"
        folder.mkdir()
        told = {clocks.FILE: str(self.clock)}
        url = self.cluster.url if self.cluster else ""
        running = servers.nodes(folder, workers=WORKERS, database=url, **told)
        [self.site.node] = self._running.enter_context(running)

    def kill(self) -> None:
        """End a worker as the kernel would, while somebody publishes."""
        self.site.publishing.wait(GIVE_UP_SECONDS)
        time.sleep(self.chance.uniform(0, PUBLISHING_SECONDS))
        self.site.node.kill_worker()

    def reload(self) -> None:
        """Have all workers begun anew, as after a change of settings."""
        old = self.site.node.workers()
        os.kill(self.site.node.pid, signal.SIGHUP)
        servers.until(lambda: not self.site.node.workers() & old)

    def turn(self, ahead: float) -> None:
        """Let the clock be wrong for a while."""
        clocks.set_ahead(self.clock, ahead)
        time.sleep(self.seconds.wrong_clock)
        clocks.set_ahead(self.clock, 0)
        time.sleep(2 * clocks.LOOK_SECONDS)

    def restart_astray(self) -> None:
        """Start the server on a machine whose clock is wrong, and again when it has been set."""
        clocks.set_ahead(self.clock, next(self.wrong))
        self.begin()
        time.sleep(self.seconds.wrong_clock)
        clocks.set_ahead(self.clock, 0)
        self.begin()

    def make_old(self) -> None:
        """Bump every stamp, again and again: no page that is kept may be shown any more."""
        for _time in range(BUMPS):
            with transaction.atomic():
                stamps.bump(list(Stamp.objects.values_list("key", flat=True)))
            time.sleep(0.5)

    def lock(self) -> None:
        """Write to SQLite and come to no end."""
        name = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(name, isolation_level=None, timeout=30)) as database:
            database.execute("BEGIN IMMEDIATE")
            time.sleep(self.seconds.locked)

    def fill(self) -> None:
        """Let no worker write a byte to any file for a while; reading goes on."""
        with disks.no_file_grows(self.site.node):
            time.sleep(self.seconds.full)

    def stop_database(self, seconds: float) -> None:
        """End PostgreSQL as a power cut would, and start it after so many seconds."""
        self.cluster.stop()
        time.sleep(seconds)
        self.cluster.start()
        connection.close()  # this very process had one, too
