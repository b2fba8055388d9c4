"""The parts of the big set share no figure, no hall and no camera position, and each has everything."""

from collections import Counter

from datasets.bystanders import ON_FOOT
from datasets.repertoire import ACTIVITIES
from datasets.script import Leaving, Returning
from datasets.splits import CONDUCT, SPLITS, plan
from vision.article27 import CATALOGUE

SEEN_BY_HOURS = {"late_arrival", "early_departure"}
"""These need opening hours, which a hall has and a clip has not."""


def test_the_parts_meet_in_no_figure_hall_or_camera_seed() -> None:
    seen: dict[str, set[object]] = {}
    for part in SPLITS:
        scripts = plan(part)
        own = {("hall", s.hall) for s in scripts} | {("camera", s.seed) for s in scripts}
        seen[part] = own | {("figure", p.figure) for s in scripts for p in s.people.values()}
    parts = list(seen)
    for number, first in enumerate(parts):
        for second in parts[number + 1 :]:
            assert not seen[first] & seen[second]


def test_a_round_has_every_behaviour_long_enough_to_be_flagged() -> None:
    for part, own in SPLITS.items():
        lasting: Counter[str] = Counter()
        for script in plan(part, 1):
            theme = script.name.split("-", 2)[2]
            lasting["queue_line"] += theme == "queue"
            lasting["gathering"] += theme == "gathering"
            for someone in script.people.values():
                starts = sorted(someone.does.items())
                ends = [at for at, _ in starts[1:]] + [script.duration_s]
                for (start, doing), end in zip(starts, ends, strict=True):
                    if isinstance(doing, Leaving):
                        lasting["absence"] += end - start > 185
                        lasting["empty_post"] += end - start > 905
                    elif isinstance(doing, str) and someone.side == "staff":
                        activity = ACTIVITIES.get(doing) or ON_FOOT[doing]
                        code = activity.behaviour or ""
                        lasting[code] += bool(code) and end - start > CATALOGUE[code].limits.hold_s
        wanted = set(CATALOGUE) - SEEN_BY_HOURS
        assert {code for code in wanted if lasting[code] < 1} == set(), part
        assert own.rounds * min(lasting[code] for code in wanted) >= (4 if part == "test" else 2)


def test_every_clerk_who_leaves_comes_back_and_conduct_is_paired() -> None:
    assert len(CONDUCT) % 2 == 0
    for script in plan("validate", 1):
        for someone in script.people.values():
            kinds = [type(doing) for _, doing in sorted(someone.does.items())]
            assert kinds.count(Leaving) == kinds.count(Returning)


def test_the_plan_is_the_same_every_time() -> None:
    assert plan("test", 1) == plan("test", 1)
    assert plan("test")[: len(plan("test", 1))] == plan("test", 1)
