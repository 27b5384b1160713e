"""One case in one round: what it cost whom."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from newsroom import stamps

from . import load, processes, wrk
from .asking import Address, Ask
from .cases import Case

CONNECTIONS = 8  # of what is hot
COLD_CONNECTIONS = 2
WARM_SECONDS = 0.3
# Within so long every worker has heard of a change: the product promises no more.
HEARD = 0.25
# Asked before each wave: a core that slept through the wait pays for its rest with the first page,
# the more so the more its neighbours have to do. It shares nothing with the pages measured.
BUSY = (Ask("/robots.txt"),) * 200


@dataclass(frozen=True)
class Sample:
    """What one round of one case took; CPU seconds are those of a request."""

    requests: int
    cpu: float
    rate: float
    p50: float
    p99: float
    bytes: int
    pss: float
    elsewhere: float  # cores that programs kept busy which are none of ours
    load: float  # cores that the load generator kept busy


@dataclass(frozen=True)
class Spot:
    """Where a server listens, and whose CPU time counts: its own, the database's.

    `aside` are processes of the database that work for the stand alone.
    """

    address: Address
    server: int
    database: int | None
    aside: tuple[int, ...] = ()

    def cpu(self) -> float:
        """Return what was used until now for answering."""
        return processes.cpu_seconds(self.server, self.database, without=self.aside)


class Gauge:
    """The clocks of a spot from its making until `stop`, without what was used while `paused`."""

    def __init__(self, spot: Spot):
        self._spot, self._before, self._paused = spot, self._read(spot), 0.0

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the CPU time of the servers meanwhile: it is none of what is measured."""
        before = self._spot.cpu()
        yield
        self._paused += self._spot.cpu() - before

    def stop(self) -> None:
        """Take the differences."""
        after = self._read(self._spot)
        wall, cpu, machine, ours, stand = (
            new - old for new, old in zip(after, self._before, strict=True)
        )
        self.cpu = cpu - self._paused
        self.elsewhere = max(0.0, (machine - ours) / wall)
        self.load = stand / wall

    @staticmethod
    def _read(spot: Spot) -> tuple[float, ...]:
        ours, machine = (
            processes.cpu_seconds(os.getpid(), spot.database),
            processes.machine_seconds(),
        )
        stand = sum(os.times()[:4])  # this process, and a load generator that has ended
        return time.perf_counter(), spot.cpu(), machine, ours, stand


def measure(case: Case, spot: Spot, seconds: float) -> Sample:
    """Run a case on a server that is up."""
    asks = case.prepare() if case.prepare else list(case.asks)
    for _wave in range(case.warm_waves):
        _begin_wave(case, spot)
        load.drive(spot.address, case.warm, CONNECTIONS)
    told, gauge = _again(asks[0], spot, seconds) if case.again else _in_turn(case, asks, spot)
    return Sample(
        requests=told.requests,
        cpu=gauge.cpu / told.requests,
        rate=told.requests / told.seconds,
        p50=told.p50,
        p99=told.p99,
        bytes=told.bytes,
        pss=processes.pss_mib(spot.server),
        elsewhere=gauge.elsewhere,
        load=gauge.load,
    )


def _again(ask: Ask, spot: Spot, seconds: float) -> tuple[load.Told, Gauge]:
    """Ask for one thing over and over."""
    before = load.drive(spot.address, [ask], CONNECTIONS, min(seconds, WARM_SECONDS)).told()
    gauge = Gauge(spot)
    if wrk.is_fit_for(seconds):
        told = wrk.drive(spot.address, ask, CONNECTIONS, seconds, before.bytes)
    else:
        told = load.drive(spot.address, [ask], CONNECTIONS, seconds).told()
    gauge.stop()
    return told, gauge


def _in_turn(case: Case, asks: list[Ask], spot: Spot) -> tuple[load.Told, Gauge]:
    """Ask for each thing once in every wave."""
    answers, gauge = load.Answers(), Gauge(spot)
    for _wave in range(case.waves):
        with gauge.paused():
            _begin_wave(case, spot)
        answers += load.drive(spot.address, asks, COLD_CONNECTIONS)
    gauge.stop()
    return answers.told(), gauge


def _begin_wave(case: Case, spot: Spot) -> None:
    """Let nothing of the case be up to date any more, and the servers be at work if they may."""
    if case.stamps:
        make_old(case.stamps)
        if not case.rested:
            load.drive(spot.address, BUSY, CONNECTIONS)


def make_old(changed: frozenset[str]) -> None:
    """Let every finished page that bears one of the stamps be an old one, as a change would."""
    with transaction.atomic():
        stamps.bump(changed)
    time.sleep(HEARD)


def own_backend() -> tuple[int, ...]:
    """Return the process of the database that answers this one, where there is one."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return ()
    return (connection.connection.info.backend_pid,)
