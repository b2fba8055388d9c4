"""The parts of the big set share no figure, no hall and no camera position."""

from datasets.splits import BEHAVIOURS, SPLITS, plan


def test_the_parts_meet_in_no_figure_hall_or_camera_seed() -> None:
    seen: dict[str, set[object]] = {}
    for part in SPLITS:
        scripts = plan(part, 60)
        own = {("hall", s.hall) for s in scripts} | {("camera", s.seed) for s in scripts}
        seen[part] = own | {("figure", p.figure) for s in scripts for p in s.people.values()}
    parts = list(seen)
    for number, first in enumerate(parts):
        for second in parts[number + 1 :]:
            assert not seen[first] & seen[second]


def test_forty_minutes_are_forty_minutes_and_every_part_has_every_theme() -> None:
    total = 0.0
    for part in SPLITS:
        scripts = plan(part, 40)
        total += sum(script.duration_s for script in scripts)
        assert {script.name.rsplit("-", 1)[1] for script in scripts} >= set(BEHAVIOURS)
    assert total >= 40 * 60


def test_the_plan_is_the_same_every_time() -> None:
    assert plan("test", 40) == plan("test", 40)
