"""Dates as readers know them, in Vietnam's time, and as people type them: day first."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

TIME, DAY, NONE = "time", "day", "none"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_LAST_YEAR_OF_2000S = 68  # a year of two digits beyond it is one of the 1900s, as in Python
_DAY_FIRST = re.compile(
    r"(?:(?:thứ \w+|chủ nhật),?\s+)?"
    r"(?P<day>[0-9]{1,2})(?P<sign>[/.-])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4}|[0-9]{2})"
    r"(?:,?\s+(?P<hour>[0-9]{1,2})(?::|h|g)(?P<minute>[0-9]{2})(?::[0-9]{2})?)?"
    r"(?:\s+\(GMT\+7\))?",
    re.IGNORECASE,
)


def long_date(value: datetime | date | None, precision: str) -> str:
    """Return `Thứ sáu, 10/7/2020, 16:30 (GMT+7)`, without the hour for DAY, "" for NONE."""
    if value is None or precision == NONE:
        return ""
    local = _local(value)
    day = f"{_WEEKDAYS[local.weekday()]}, {_day(local)}"
    return f"{day}, {local:%H:%M} (GMT+7)" if _has_hour(local, precision) else day


def short_date(value: datetime | date | None, precision: str) -> str:
    """Return `10/7/2020, 16:30`, without the hour for DAY, "" for NONE."""
    if value is None or precision == NONE:
        return ""
    local = _local(value)
    return f"{_day(local)}, {local:%H:%M}" if _has_hour(local, precision) else _day(local)


def _local(value: datetime | date) -> datetime | date:
    return value.astimezone(ZONE) if isinstance(value, datetime) else value


def _has_hour(value: datetime | date, precision: str) -> bool:
    return precision == TIME and isinstance(value, datetime)


def _day(value: date) -> str:
    return f"{value.day}/{value.month}/{value.year}"


def read_date(text: str) -> tuple[datetime, str]:
    """Return the moment in a date somebody typed, and whether an hour was given: TIME or DAY.

    10/7/2020 is the tenth of July; "10-07-2020", "10.7.20", "10/7/2020 16:30", "16h30", a date as
    `long_date` prints it, and ISO are understood. Without an hour it is midnight, without a zone
    Vietnam's time. Raises ValueError for anything else.
    """
    text = text.strip()
    if typed := _DAY_FIRST.fullmatch(text):
        return _typed_moment(typed)
    if len(text) <= len("2020-07-10"):
        return datetime.combine(date.fromisoformat(text), time(), ZONE), DAY
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE), TIME


def _typed_moment(typed: re.Match) -> tuple[datetime, str]:
    year = int(typed["year"])
    if len(typed["year"]) == 2:
        year += 2000 if year <= _LAST_YEAR_OF_2000S else 1900
    day = date(year, int(typed["month"]), int(typed["day"]))
    if typed["hour"] is None:
        return datetime.combine(day, time(), ZONE), DAY
    return datetime.combine(day, time(int(typed["hour"]), int(typed["minute"])), ZONE), TIME
