"""What a site file says of posts, hours, calendar and permits, and how its mistakes are told."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hallwatch.calendar_seed import china_calendar
from hallwatch.pipeline import rules_of
from hallwatch.roster import amended_by, post_rule_of, schedule_of, unknown_years
from hallwatch.site import EXAMPLE, SiteError, limits_for, load_site
from hallwatch.site_models import CalendarChanges, Site
from hallwatch.wire import hall_json
from vision.posts import PostRule
from vision.schedule import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXT = EXAMPLE.read_text(encoding="utf-8")


def site_of(folder: Path, text: str) -> Site:
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return load_site(path)


MISTAKES = {
    "an unknown key of a post": (
        "duck_s: 60",
        "duk_s: 60",
        "no key `duk_s` here; did you mean `duck_s`?",
    ),
    "a post that takes no time": ("enter_s: 2", "enter_s: 0", "post.enter_s"),
    "a rule that permits do not have": ("leave: hold_back", "leave: hide", "'hold_back' or 'annotate'"),
    "no limit at all": ("limit_min: 15 ", "limit_min: 0 ", "permits.limit_min"),
    "nobody required": ("staff_required: 1", "staff_required: 0", "windows[1].staff_required"),
    "a holiday that is a workday": (
        "holidays: []",
        "holidays: [2028-01-03]\n  workdays: [2028-01-03] #",
        "2028-01-03 is listed as a holiday and as a workday",
    ),
    "a day that is none": ("workdays: []", "workdays: [2028-02-30]", "calendar.workdays[0]"),
    "an unknown key of the calendar": ("years: []", "year: []", "did you mean `years`?"),
    "lunch that ends before it starts": ('"13:30"]]  # added', '"11:30"]]  # added', "ends before it starts"),
    "earliness of a whole day": ("early_min: 10 ", "early_min: 1440 ", "schedule.early_min"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, mistake: str) -> None:
    right, wrong, sentence = MISTAKES[mistake]
    assert TEXT.count(right) == 1
    # Two keys in one line would be a mistake of their own.
    text = TEXT.replace(right, wrong)
    if "workdays: [2028-01-03]" in wrong:
        text = text.replace("  workdays: []", "  # none")
    with pytest.raises(SiteError) as caught:
        site_of(tmp_path, text)
    line = next(n for n, one in enumerate(text.splitlines(), 1) if wrong.split("\n")[0] in one)
    first = str(caught.value).splitlines()[0]
    assert sentence in first
    assert abs(int(first.split(":")[1]) - line) <= 1


def test_the_examples_posts_and_permits_reach_judgement_and_wire(tmp_path: Path) -> None:
    text = TEXT.replace("staff_required: 1", "staff_required: 2").replace("duck_s: 60", "duck_s: 20")
    site = site_of(tmp_path, text.replace("limit_min: 15", "limit_min: 30"))
    assert post_rule_of(site, "1") == PostRule(required=1, duck_s=20)
    rules = rules_of(site, site.cameras[0], "2", china_calendar())
    assert rules.post == PostRule(required=2, duck_s=20)
    assert rules.limits["empty_post"].hold_s == 1800
    assert rules.limits["empty_post"].window_s >= 1800
    assert {"late_arrival", "early_departure"} <= set(rules.limits)
    assert hall_json(site)["permits"] == {
        "limit_s": 1800,
        "leave": "hold_back",
        "stand_in": "hold_back",
        "suspended": "hold_back",
    }


def test_a_windows_own_limit_wins_over_that_of_the_permits() -> None:
    site = load_site(EXAMPLE)
    windows = tuple(
        window.model_copy(
            update={"limits": {"empty_post": site.limits["arms_crossed"].model_copy(update={"hold_s": 600})}}
        )
        for window in site.windows
    )
    found = limits_for(site.model_copy(update={"windows": windows}), "1", "empty_post")
    assert found is not None
    assert found.hold_s == 600


def test_only_a_window_with_lunch_service_is_open_at_lunch() -> None:
    site = load_site(EXAMPLE)
    noon = datetime(2026, 3, 2, 12, 30, tzinfo=SHANGHAI)
    open_at = {}
    for window in ("1", "2"):
        schedule = schedule_of(site, window, china_calendar())
        assert schedule is not None
        open_at[window] = schedule.open_at(noon)
        assert schedule.early == timedelta(minutes=10)
    assert open_at == {"1": False, "2": True}


def test_a_year_that_nobody_knows_is_judged_by_no_rule_until_it_is_listed(tmp_path: Path) -> None:
    unknown = date(2038, 1, 4)
    for text, expected in (
        (TEXT, None),
        (TEXT.replace("workdays: []", f"workdays: [{unknown}]"), True),
        (TEXT.replace("years: []", "years: [2038]"), True),
        (TEXT.replace("holidays: []", f"holidays: [{unknown}]"), False),
    ):
        schedule = schedule_of(site_of(tmp_path, text), "1", china_calendar())
        assert schedule is not None
        morning = datetime(2038, 1, 4, 9, 0, tzinfo=SHANGHAI)
        assert schedule.open_at(morning) is expected
        assert (schedule.shift_at(morning) is not None) is (expected is True)


def test_a_check_tells_of_years_that_nobody_knows(tmp_path: Path) -> None:
    years = (2026, 2038)
    assert unknown_years(load_site(EXAMPLE), china_calendar(), years) == (2038,)
    listed = site_of(tmp_path, TEXT.replace("years: []", "years: [2038]"))
    assert unknown_years(listed, china_calendar(), years) == ()
    without = site_of(tmp_path, TEXT.replace("calendar: china", "calendar: none"))
    assert unknown_years(without, china_calendar(), years) == ()


def test_what_the_hall_knows_comes_before_the_table() -> None:
    table = Calendar(frozenset({2026}), frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}))
    changed = amended_by(
        CalendarChanges(holidays=(date(2026, 10, 10),), workdays=(date(2026, 10, 1),)), table
    )
    assert changed == replace(
        table, holidays=frozenset({date(2026, 10, 10)}), makeup_workdays=frozenset({date(2026, 10, 1)})
    )
