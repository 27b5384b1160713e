"""The load generator wrk, where it is installed: it costs the machine a fraction of ours."""

import re
import shutil
import subprocess

from .asking import Address, Ask
from .load import Told

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


def is_fit_for(seconds: float) -> bool:
    """Whether it is installed, and can run for so long: it counts whole seconds."""
    return shutil.which("wrk") is not None and seconds >= 1


def drive(address: Address, ask: Ask, connections: int, seconds: float, body_bytes: int) -> Told:
    """Ask for the same again and again; raises RuntimeError for errors and refusals.

    wrk counts the heads in, so `body_bytes` must be known.
    """
    host, port = address
    headers = [word for name, value in ask.headers for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--latency"]
    done = subprocess.run(
        [*command, *headers, f"http://{host}:{port}{ask.path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return read(done.stdout, body_bytes)


def read(told: str, body_bytes: int) -> Told:
    """Read what wrk prints; raises RuntimeError if it speaks of errors."""
    if wrong := re.search(r"^ *(Non-2xx or 3xx responses|Socket errors).*$", told, re.MULTILINE):
        raise RuntimeError(wrong[0].strip())
    requests, taken = re.search(r"([0-9]+) requests in ([0-9.]+[a-z]+),", told).groups()
    p50, p99 = (
        _seconds(re.search(rf"^ *{part}% +(\S+)$", told, re.MULTILINE)[1]) for part in (50, 99)
    )
    return Told(int(requests), _seconds(taken), p50, p99, body_bytes)


def _seconds(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()
    return float(number) * _UNITS[unit]
