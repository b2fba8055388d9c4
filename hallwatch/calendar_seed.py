"""The Chinese public holidays and make-up workdays that an installed table knows."""

import warnings
from datetime import date, timedelta
from functools import cache

from vision.schedule import Calendar

_FIRST_YEAR, _LAST_YEAR = 2020, 2040


@cache
def china_calendar() -> Calendar:
    """Holidays and make-up workdays (调休) of all years that `chinesecalendar` has; others stay unknown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import chinese_calendar
    years, holidays, makeup = set(), set(), set()
    for year in range(_FIRST_YEAR, _LAST_YEAR):
        try:
            table = {day: chinese_calendar.is_holiday(day) for day in _days(year)}
        except NotImplementedError:
            continue
        years.add(year)
        for day, is_holiday in table.items():
            weekend = day.weekday() >= 5
            if is_holiday and (not weekend or chinese_calendar.get_holiday_detail(day)[1]):
                holidays.add(day)
            if weekend and not is_holiday:
                makeup.add(day)
    return Calendar(frozenset(years), frozenset(holidays), frozenset(makeup))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
