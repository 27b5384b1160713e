"""Where a printed line may not break: no-break spaces for headlines, standfirsts and captions.

Nothing here is stored; texts stay as they were typed.
"""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

NO_BREAK = "\u00a0"
MAX_TOGETHER = 26
KEPT = 2_048  # headlines and standfirsts, most of which stand on many pages

_BEFORE_FIGURE = re.compile(r"\b(số|ngày|tháng|kỳ)\s(?=\d)", re.IGNORECASE)
_UNITS = (
    "% mm cm dm km m m² m2 m³ m3 ha kg g tấn tạ yến lít kV kW MW MWh kWh °C đồng USD nghìn triệu tỷ"
)
_BEFORE_UNIT = re.compile(rf"(?<=\d)\s(?=(?:{'|'.join(map(re.escape, _UNITS.split()))})(?!\w))")
_TIMELINE = Path(__file__).resolve().parent / "data" / "province_timeline.csv"


@lru_cache(maxsize=KEPT)
def tied(text: str) -> str:
    """Return `text` with what belongs together held by no-break spaces.

    "số 1", "ngày 5/7", "12 km", "Bắc Ninh".
    """
    text = _BEFORE_FIGURE.sub(rf"\1{NO_BREAK}", text)
    text = _BEFORE_UNIT.sub(NO_BREAK, text)
    return _provinces().sub(lambda name: name[0].replace(" ", NO_BREAK), text)


def headline_parts(headline: str, owners: list[str]) -> list[tuple[str, bool]]:
    """Return the headline in pieces, those that should stay on one line marked True.

    Kept together is the name of a cluster's owner of at most MAX_TOGETHER letters.
    """
    short = [owner for owner in owners if owner and len(owner) <= MAX_TOGETHER]
    if not short:
        return [(tied(headline), False)]
    pattern = re.compile(f"({'|'.join(re.escape(owner) for owner in short)})")
    pieces = pattern.split(headline)
    return [(tied(text), text in short) for text in pieces if text]


@cache
def _provinces() -> re.Pattern[str]:
    """Every name of more than one syllable in the timeline that ships with the code.

    These are the 63 units of 2024 and what became of them. What was gone before (Hà Tây), and what
    a newsroom imports, is not in it.
    """
    with _TIMELINE.open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    several = sorted((name for name in names if " " in name), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, several))})\b")
