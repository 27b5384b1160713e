"""What somebody wants to change about the units, as it was typed."""

import datetime as dt
from dataclasses import dataclass

from ..models import Province, Tag


@dataclass(frozen=True)
class NewUnit:
    """The unit to be made; `slug` is its address without a date, `code` has two digits."""

    name: str
    code: str
    slug: str
    unit_type: str
    region: str = ""


@dataclass(frozen=True)
class Change:
    """Old units, by their numbers, that become one new unit on `day`; one alone is renamed."""

    units: tuple[int, ...]
    new: NewUnit
    day: dt.date
    basis: str = ""

    @property
    def last_day(self) -> dt.date:
        """The last day of the old units."""
        return self.day - dt.timedelta(days=1)

    @property
    def unit_id(self) -> str:
        """What the new unit is told apart by from all that bear or bore its code."""
        return f"{self.new.code}@{self.day.isoformat()}"

    def made(self) -> Province:
        """Return the new unit, not stored yet."""
        new = self.new
        return Province(
            kind=Tag.Kind.PROVINCE,
            name=new.name,
            slug=new.slug,
            unit_id=self.unit_id,
            code=new.code,
            unit_slug=new.slug,
            unit_type=new.unit_type,
            region=new.region,
            valid_from=self.day,
            basis=self.basis,
        )
