"""From the bytes of a file to checked items: nothing here touches the database.

One line is one JSON object. Whatever is wrong with a line becomes a `Refused` for that line alone.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsroom import vietnamese

MAX_LINE_BYTES = 4_000_000
MAX_PARAGRAPHS = 5_000
MAX_HEADLINE_CHARS = 300
MAX_STANDFIRST_CHARS = 5_000
MAX_NAME_CHARS = 200
MAX_TAGS = 100
FIRST_YEAR = 1901

_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class Refused(ValueError):
    """A line that cannot become an article; its message says why."""


@dataclass(frozen=True)
class ClusterName:
    """What the file says about a cluster."""

    form: str
    number: int | None
    number_printed: str
    owner: str


@dataclass(frozen=True)
class Item:
    """One article as the file gives it, checked and cleaned."""

    source_id: str
    headline: str
    standfirst: str
    paragraphs: tuple[str, ...]
    section: str = ""
    byline: str = ""
    published_at: datetime | None = None
    date_precision: str = vietnamese.NONE
    provinces: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    clusters: tuple[ClusterName, ...] = field(default=())


def read(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number, bytes) of a plain or gzipped file, never holding more than one line.

    A line over MAX_LINE_BYTES comes as None. Raises OSError where the file cannot be opened;
    a gzip file that breaks off ends with one more line that is None.
    """
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == _GZIP_MAGIC
        with gzip.open(raw) if packed else raw as stream:
            yield from _numbered(stream)


def _numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    number = 0
    try:
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) <= MAX_LINE_BYTES:
                yield number, line.removeprefix(_BOM) if number == 1 else line
            else:
                _skip_rest(stream, line)
                yield number, None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield number + 1, None


def _skip_rest(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_LINE_BYTES)


def parse(raw: bytes | None) -> Item:
    """Return the item of one line; raises Refused with the reason."""
    if raw is None:
        raise Refused(_("the line is too long or the file breaks off here"))
    record = _object(raw)
    _refuse_old_encodings(record)
    published_at, precision = _date(record.get("published_at"))
    item = Item(
        source_id=_source_id(record.get("source_id")),
        headline=_headline(record.get("title")),
        standfirst=_text(record, "lead", MAX_STANDFIRST_CHARS),
        paragraphs=_paragraphs(record.get("body_paragraphs")),
        section=_text(record, "section", MAX_NAME_CHARS),
        byline=_text(record, "byline", MAX_NAME_CHARS * 3),
        published_at=published_at,
        date_precision=precision,
        **_tags(record.get("tags")),
    )
    if not item.standfirst and not item.paragraphs:
        raise Refused(_("there is neither a standfirst nor a body"))
    return item


def _object(raw: bytes) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(_("not UTF-8")) from error
    except (ValueError, RecursionError) as error:
        raise Refused(_("not JSON")) from error
    if not isinstance(record, dict):
        raise Refused(_("not a JSON object"))
    return record


def _refuse_old_encodings(record: dict[str, Any]) -> None:
    """Asked before anything is cleaned: what the old fonts showed as ư prints nothing today."""
    for name in ("title", "lead", "body_paragraphs"):
        value = record.get(name)
        text = "\n".join(map(str, value)) if isinstance(value, list) else value
        encoding = vietnamese.old_encoding(text) if isinstance(text, str) else None
        if encoding:
            message = _(
                "%(field)s is written in the old encoding %(encoding)s: convert the file to "
                "Unicode (in UniKey: Ctrl+Shift+F6) and import it again"
            )
            raise Refused(message % {"field": name, "encoding": encoding})


def source_id_of(raw: bytes | None) -> str:
    """Return the source_id of a line that may be wrong in any way, "" where it has none."""
    try:
        return _source_id(_object(raw or b"").get("source_id"))
    except Refused:
        return ""


def _source_id(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not vietnamese.clean(value):
        raise Refused(_("source_id is missing"))
    return _short(vietnamese.clean(value), "source_id", MAX_NAME_CHARS)


def _headline(value: Any) -> str:
    if not isinstance(value, str) or not vietnamese.has_text(value):
        raise Refused(_("title is missing"))
    return _short(vietnamese.clean(value), "title", MAX_HEADLINE_CHARS)


def _text(record: dict[str, Any], name: str, limit: int) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(_("%(field)s is not a text") % {"field": name})
    return _short(vietnamese.clean(value), name, limit)


def _short(value: str, name: str, limit: int) -> str:
    if len(value) > limit:
        raise Refused(
            _("%(field)s is longer than %(limit)s characters") % {"field": name, "limit": limit}
        )
    return value


def _paragraphs(value: Any) -> tuple[str, ...]:
    parts = _strings(value, "body_paragraphs", MAX_PARAGRAPHS)
    cleaned = (vietnamese.clean(part, multiline=True) for part in parts)
    return tuple(part for part in cleaned if vietnamese.has_text(part))


def _strings(value: Any, name: str, limit: int) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise Refused(_("%(field)s is not a list of texts") % {"field": name})
    if len(value) > limit:
        raise Refused(
            _("%(field)s has more than %(limit)s parts") % {"field": name, "limit": limit}
        )
    return value


def _date(value: Any) -> tuple[datetime | None, str]:
    """Return the moment and how much of it was given; a day alone is midnight in Vietnam."""
    if value is None or value == "":
        return None, vietnamese.NONE
    try:
        moment, precision = vietnamese.read_date(value)
        local = moment.astimezone(vietnamese.ZONE)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        message = _("published_at is no date: %(value)s") % {"value": str(value)[:40]}
        raise Refused(message) from error
    if local.year < FIRST_YEAR:
        raise Refused(_("published_at is before %(year)s") % {"year": FIRST_YEAR})
    if local > datetime.now(vietnamese.ZONE):
        raise Refused(_("published_at lies in the future"))
    return local, precision


def _tags(value: Any) -> dict[str, tuple]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(_("tags is not an object"))
    return {
        "provinces": _names(value.get("province"), "tags.province"),
        "topics": _names(value.get("topic"), "tags.topic"),
        "clusters": _clusters(value.get("cluster")),
    }


def _names(value: Any, name: str) -> tuple[str, ...]:
    names = (vietnamese.clean(part) for part in _strings(value, name, MAX_TAGS))
    return tuple(_short(part, name, MAX_NAME_CHARS) for part in dict.fromkeys(names) if part)


def _clusters(value: Any) -> tuple[ClusterName, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_TAGS:
        raise Refused(_("tags.cluster is not a list"))
    return tuple(_cluster(part) for part in value)


def _cluster(value: Any) -> ClusterName:
    if not isinstance(value, dict):
        raise Refused(_("tags.cluster is not a list of objects"))
    number = value.get("number")
    if isinstance(number, bool) or not isinstance(number, int | None):
        raise Refused(_("%(field)s is not a number") % {"field": "tags.cluster.number"})
    if number is not None and not 0 < number < 1000:
        raise Refused(_("%(field)s is not a number") % {"field": "tags.cluster.number"})
    owner = _text(value, "owner", MAX_NAME_CHARS)
    if not owner:
        raise Refused(_("tags.cluster has no owner"))
    return ClusterName(
        form=_text(value, "form", 20) or "cụm",
        number=number,
        number_printed=_text(value, "number_printed", 20) or str(number or ""),
        owner=owner,
    )
