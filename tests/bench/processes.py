"""What processes cost, read from the kernel: CPU time, memory, and what others did meanwhile."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError)
_CPU_OF_PROCESS = 2  # what <linux/posix-timers> calls CPUCLOCK_SCHED
# Of the first line of /proc/stat: user, nice, system, and steal, when another guest had the core.
_BUSY = (0, 1, 2, 7)


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    with suppress(*_GONE):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))


def cpu_seconds(*roots: int | None, without: Iterable[int] = ()) -> float:
    """Return the CPU time that processes, all below them, and their dead have used until now."""
    left_out = set(without)
    pids = {pid for root in roots if root for pid in tree(root)} - left_out
    return sum(_own(pid) + _of_dead_children(pid) for pid in pids)


def _own(pid: int) -> float:
    # The clock of another process has its number, inverted, above three bits for the kind.
    with suppress(OSError):
        return time.clock_gettime((~pid << 3) | _CPU_OF_PROCESS)
    return 0.0


def _of_dead_children(pid: int) -> float:
    # The name of the program stands in brackets and may hold anything; numbers follow it.
    with suppress(*_GONE):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND
    return 0.0


def pss_mib(root: int) -> float:
    """Return the memory of a process and all below it, what they share counted once, in MiB."""
    return sum(map(_pss_kib, tree(root))) / 1024


def _pss_kib(pid: int) -> int:
    with suppress(*_GONE):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


def machine_seconds() -> float:
    """Return the CPU time that all programs of the machine have used until now.

    Without interrupts: those of our own requests count to nobody.
    """
    with open("/proc/stat") as file:
        fields = file.readline().split()[1:]
    return sum(int(fields[place]) for place in _BUSY) / TICKS_PER_SECOND
