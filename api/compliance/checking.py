"""Whether stored figures are what ledger, events and permits say: computed from scratch, and compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.compliance.buckets import first_hour
from api.compliance.numbers import BEHAVIOUR_NAMES, NAMES, BehaviourNumbers, Numbers
from api.compliance.rolling_up import Key, RolledUp, is_nothing
from api.compliance.settling import days_of_anything
from api.compliance.sources import read_sources
from api.compliance.tables import BehaviourFigureRow, FigureRow
from api.compliance.window_hour import Figures
from api.hall import hall_zone

NOTHING: Figures = (Numbers(), {})


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what it should be; `stored` or `computed` is nothing where there is no row."""

    key: Key
    stored: Figures
    computed: Figures


def differences(session: Session) -> Iterator[Difference]:
    """Every stored row that a computation from scratch does not give, and every one that is not stored."""
    computed, stored = from_scratch(session), stored_figures(session)
    for key in sorted(computed.keys() | stored.keys()):
        should, there = computed.get(key, NOTHING), stored.get(key, NOTHING)
        if should != there:
            yield Difference(key, there, should)


def from_scratch(session: Session) -> dict[Key, Figures]:
    """All figures, summed up in memory out of each window's hours; no stored sum is looked at."""
    zone = hall_zone(session)
    rolled = RolledUp()
    for day in days_of_anything(session, zone):
        first, end = first_hour(day, zone), first_hour(day + timedelta(days=1), zone)
        sources = read_sources(session, first, end)
        for window, hour in sources.hours():
            if first <= hour < end:
                rolled.take(window, hour, sources.figures(window, hour), zone)
    return rolled.figures


def stored_figures(session: Session) -> dict[Key, Figures]:
    """All figures as they are stored, less those that say nothing."""
    found: dict[Key, Figures] = {}
    columns = [getattr(FigureRow, name) for name in ("grain", "level", "bucket", "unit_id", *NAMES)]
    for grain, level, bucket, unit, *values in session.execute(select(*columns)):
        found[grain, level, bucket, unit] = (Numbers(*values), {})
    table = BehaviourFigureRow
    names = ("grain", "level", "bucket", "unit_id", "behaviour", *BEHAVIOUR_NAMES)
    for grain, level, bucket, unit, code, *values in session.execute(
        select(*(getattr(table, name) for name in names))
    ):
        numbers = BehaviourNumbers(*values)
        if numbers != BehaviourNumbers():
            found.setdefault((grain, level, bucket, unit), (Numbers(), {}))[1][code] = numbers
    return {key: figures for key, figures in found.items() if not is_nothing(figures)}
