"""One record as one line of JSON.

What an error says may be what somebody typed, so of most errors only the kind and the places in
the code are kept; likewise what other packages write of what they were asked.
"""

import contextvars
import datetime as dt
import json
import logging
import traceback
from pathlib import Path
from typing import Any

ROOT = f"{Path(__file__).resolve().parents[2]}/"
OURS = ("newsroom", "articles", "comments")
MAX_CAUSES = 5

# The number of the request that is being answered, in every line about it.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

# Of these the words are the program's own: names of attributes, modules and templates.
_HARMLESS = (
    "AssertionError AttributeError ImportError ModuleNotFoundError NameError RecursionError "
    "TemplateDoesNotExist TemplateSyntaxError TypeError UnboundLocalError"
).split()


class Json(logging.Formatter):
    """A formatter for logging; see the module."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
        }
        if number := request_id.get():
            line["id"] = number
        line |= _told(record)
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [*map(described, _causes(record.exc_info[1]))]
        return json.dumps(line, ensure_ascii=False)


def _told(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record tells: `fields` whole, our own words, of others where they spoke."""
    if fields := getattr(record, "fields", None):
        return fields
    if record.name.partition(".")[0] in OURS:
        return {"message": record.getMessage()}
    told: dict[str, Any] = {"at": f"{_short(record.pathname)}:{record.lineno}"}
    if status := getattr(record, "status_code", None):
        told["status"] = status
    if match := getattr(getattr(record, "request", None), "resolver_match", None):
        told["route"] = match.view_name
    return told


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and what it was caused by, at most MAX_CAUSES of them."""
    found = [error]
    while len(found) < MAX_CAUSES and (cause := found[-1].__cause__ or found[-1].__context__):
        found.append(cause)
    return found


def described(error: BaseException) -> dict[str, Any]:
    """Return kind and places of an error, and what of its words is nobody's."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "at": places, **_harmless(error)}


def _harmless(error: BaseException) -> dict[str, str]:
    if type(error).__name__ in _HARMLESS:
        return {"said": str(error)}
    said = {
        "errno": getattr(error, "strerror", None),
        "sqlstate": getattr(error, "sqlstate", None),
        "constraint": getattr(getattr(error, "diag", None), "constraint_name", None),
        "sqlite": getattr(error, "sqlite_errorname", None),
    }
    return {name: str(value) for name, value in said.items() if value}


def _short(path: str) -> str:
    return path.removeprefix(ROOT).rpartition("site-packages/")[2]
