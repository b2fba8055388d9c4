"""The post behind a window: who ducks, turns or is hidden has not left; who walks away has."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.builders import CountedIds, at, observation
from vision.article27 import CATALOGUE
from vision.judge import Judge, WindowRules
from vision.posts import Post, PostRule, PostState, look
from vision.values import Box, Event, Observation, Person, Side, ViewQuality

SEAT: Box = (250, 100, 350, 300)
ON, AWAY, OCCLUDED, UNKNOWN = PostState.ON, PostState.AWAY, PostState.OCCLUDED, PostState.UNKNOWN
Scene = Callable[[float], Sequence[Person]]
"""Who is in the picture at a second."""


def clerk(box: Box = SEAT, track: int = 1, zone: Side | None = Side.STAFF) -> Person:
    return Person(track, box, 0.9, None, None if zone is None else "1", zone)


def customer(box: Box) -> Person:
    return clerk(box, 9, Side.PUBLIC)


def moved(box: Box, x: float) -> Box:
    return box[0] + x, box[1], box[2] + x, box[3]


def posts(scene: Scene, until_s: float, fps: float = 5, rule: PostRule | None = None) -> list[Post]:
    """The post after each frame."""
    found, post = [], Post()
    for index in range(int(until_s * fps)):
        seen = observation(*scene(index / fps), at_s=index / fps)
        post = look(post, seen, "1", rule or PostRule())
        found.append(post)
    return found


def states(scene: Scene, until_s: float, fps: float = 5, rule: PostRule | None = None) -> list[PostState]:
    """The states that the post went through, each once."""
    seen: list[PostState] = []
    for post in posts(scene, until_s, fps, rule):
        if not seen or seen[-1] is not post.state:
            seen.append(post.state)
    return seen


def leaves_at(second: float, pace: float = 80.0) -> Scene:
    """A clerk who gets up at that second and walks out to the right within two."""

    def scene(now: float) -> Sequence[Person]:
        if now < second:
            return [clerk()]
        return [clerk(moved(SEAT, pace * (now - second)))] if now < second + 2 else []

    return scene


def test_a_post_is_unknown_until_enough_was_seen() -> None:
    assert states(lambda _: [clerk()], 10) == [UNKNOWN, ON]
    assert states(lambda _: [], 10) == [UNKNOWN, AWAY]


def test_the_public_does_not_take_the_post() -> None:
    assert states(lambda _: [customer(SEAT)], 10) == [UNKNOWN, AWAY]


def test_who_walks_out_has_left_at_that_moment() -> None:
    last = posts(leaves_at(20), 30)[-1]
    assert last.state is AWAY
    assert last.since is not None
    assert abs((last.since - at(22)).total_seconds()) <= 0.2


def test_who_is_seen_elsewhere_has_left() -> None:
    def scene(now: float) -> Sequence[Person]:
        return [clerk()] if now < 20 else [clerk(moved(SEAT, 10), zone=None)]

    assert states(scene, 30) == [UNKNOWN, ON, AWAY]


@pytest.mark.parametrize("for_s", [5, 20, 50])
def test_who_ducks_is_not_away(for_s: float) -> None:
    def scene(now: float) -> Sequence[Person]:
        return [] if 20 <= now < 20 + for_s else [clerk()]

    assert states(scene, 90) == [UNKNOWN, ON, OCCLUDED, ON]


def test_a_duck_that_lasts_is_a_departure_from_its_beginning() -> None:
    last = posts(lambda now: [clerk()] if now < 20 else [], 100)[-1]
    assert last.state is AWAY
    assert last.since is not None
    assert abs((last.since - at(20)).total_seconds()) <= 0.3
    assert last.seen_s == pytest.approx(80, abs=0.5)


def test_who_turns_under_a_new_track_stays() -> None:
    assert states(lambda now: [clerk(track=1 if now < 20 else 2)], 40) == [UNKNOWN, ON]


def test_a_moment_of_nobody_is_no_departure() -> None:
    assert states(lambda now: [] if 20 <= now < 21.5 else [clerk()], 40) == [UNKNOWN, ON]


def test_a_ghost_at_the_empty_post_is_nobody() -> None:
    assert states(lambda now: [clerk()] if now % 5 < 0.9 else [], 60) == [UNKNOWN, AWAY]


def test_who_is_hidden_by_a_customer_is_occluded_for_as_long_as_that_lasts() -> None:
    in_front = customer((230, 90, 380, 340))

    def scene(now: float) -> Sequence[Person]:
        return [in_front] if 20 <= now < 200 else [clerk()]

    assert states(scene, 230) == [UNKNOWN, ON, OCCLUDED, ON]


def test_who_went_behind_a_customer_has_been_away_since_the_seat_was_seen_empty() -> None:
    in_front = customer((230, 90, 380, 340))

    def scene(now: float) -> Sequence[Person]:
        return [clerk()] if now < 20 else [in_front] if now < 120 else []

    last = posts(scene, 140)[-1]
    assert last.state is AWAY
    assert last.since is not None
    assert abs((last.since - at(120)).total_seconds()) <= 0.3


def test_a_customer_beside_the_seat_hides_nobody() -> None:
    def scene(now: float) -> Sequence[Person]:
        return [*leaves_at(20)(now), customer((20, 90, 120, 340))]

    assert states(scene, 40) == [UNKNOWN, ON, AWAY]


class TestTwoAtAPost:
    rule = PostRule(required=2)
    left, right = clerk((100, 100, 200, 300), 1), clerk((400, 100, 500, 300), 2)

    def test_one_is_not_enough(self) -> None:
        assert states(lambda _: [self.left], 10, rule=self.rule) == [UNKNOWN, AWAY]

    def test_both_are(self) -> None:
        assert states(lambda _: [self.left, self.right], 10, rule=self.rule) == [UNKNOWN, ON]

    def test_one_of_them_who_ducks_is_not_away(self) -> None:
        def scene(now: float) -> Sequence[Person]:
            return [self.left] if 20 <= now < 40 else [self.left, self.right]

        assert states(scene, 60, rule=self.rule) == [UNKNOWN, ON, OCCLUDED, ON]

    def test_one_of_them_who_walks_out_is(self) -> None:
        def scene(now: float) -> Sequence[Person]:
            gone = max(now - 20, 0) * 80
            right = replace(self.right, box=moved(self.right.box, gone))
            return [self.left, right] if now < 21.5 else [self.left]

        assert states(scene, 60, rule=self.rule) == [UNKNOWN, ON, AWAY]


def test_a_rule_that_asks_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        PostRule(required=0)


class TestWithoutAView:
    def after(self, gap_s: float, *, back: bool) -> Post:
        """A post that was left, an interruption of so many seconds, and half a minute after it."""
        post = Post()
        frames = [observation(at_s=index / 5) for index in range(300)]
        frames += [
            observation(at_s=60 + index / 5, quality=ViewQuality.DARK) for index in range(int(gap_s * 5))
        ]
        people = [clerk()] if back else []
        frames += [observation(*people, at_s=60 + gap_s + index / 5) for index in range(150)]
        for frame in frames:
            post = look(post, frame, "1", PostRule())
        return post

    def test_a_short_interruption_does_not_end_an_absence(self) -> None:
        post = self.after(200, back=False)
        assert post.state is AWAY
        assert post.since == at(0)
        assert post.seen_s == pytest.approx(91, abs=1.5)

    def test_a_long_one_does(self) -> None:
        assert self.after(400, back=False).since == at(460)

    def test_somebody_there_after_it_is_there(self) -> None:
        post = self.after(200, back=True)
        assert (post.state, post.since) == (ON, at(260))


def told(observations: Iterable[Observation], judging: Judge | None = None) -> dict[str, Event]:
    """The last word on each event, by behaviour; at most one of each."""
    judging = judging or Judge("c1", [WindowRules("1", LIMITS)], CountedIds())
    events = {event.id: event for one in observations for event in judging.observe(one).events}
    by_code = {event.behaviour: event for event in events.values()}
    assert len(by_code) == len(events)
    return by_code


LIMITS = {code: CATALOGUE[code].limits for code in ("absence", "empty_post")}


def frames(scene: Scene, until_s: float, fps: float) -> list[Observation]:
    return [observation(*scene(index / fps), at_s=index / fps) for index in range(int(until_s * fps))]


def away_between(left: float, back: float) -> Scene:
    out = leaves_at(left - 2)
    return lambda now: out(now) if now < back else [clerk()]


@pytest.mark.parametrize("fps", [1, 2, 5, 10])
@pytest.mark.parametrize("left", [4.0, 33.3])
def test_the_quarter_of_an_hour_is_exact_at_any_rate(fps: float, left: float) -> None:
    events = told(frames(away_between(left, left + 1000), left + 1010, fps))
    empty, absence = events["empty_post"], events["absence"]
    assert abs((empty.flagged_at - at(left + 900)).total_seconds()) <= 5
    assert abs((absence.flagged_at - at(left + 180)).total_seconds()) <= 5
    for event in (empty, absence):
        assert abs((event.started_at - at(left)).total_seconds()) <= 1.5
        assert event.ended_at is not None
        assert abs((event.ended_at - at(left + 1000)).total_seconds()) <= 1.5
    assert empty.parent == absence.id


@pytest.mark.parametrize("lasts", [170, 895])
def test_just_short_of_a_limit_is_no_event(lasts: float) -> None:
    events = told(frames(away_between(30, 30 + lasts), lasts + 60, 5))
    assert ("empty_post" if lasts > 180 else "absence") not in events


@settings(max_examples=25, deadline=None)
@given(
    dropped=st.sets(st.integers(min_value=0, max_value=1249), max_size=250),
    ghosts=st.sets(st.integers(min_value=30, max_value=240), max_size=12),
)
def test_dropped_frames_and_ghosts_do_not_move_an_absence(dropped: set[int], ghosts: set[int]) -> None:
    """Five frames a second for 250 s; the post is left at 20 s; a ghost lasts one frame."""
    scene = away_between(20, 999)
    haunted = {second * 5 for second in ghosts}
    kept = [
        observation(*([clerk()] if index in haunted else scene(index / 5)), at_s=index / 5)
        for index in range(1250)
        if index not in dropped
    ]
    absence = told(kept)["absence"]
    assert abs((absence.started_at - at(20)).total_seconds()) <= 3
    assert abs((absence.flagged_at - at(200)).total_seconds()) <= 5


@pytest.mark.parametrize("cut_s", [100, 250, 600, 950, 1030])
@pytest.mark.parametrize("down_s", [2, 40, 200])
def test_a_worker_that_restarts_in_the_middle_tells_of_one_absence(cut_s: float, down_s: float) -> None:
    seen = frames(away_between(30, 1330), 1380, 2)
    first = Judge("c1", [WindowRules("1", LIMITS)], CountedIds())
    events = [event for one in seen if one.captured_at < at(cut_s) for event in first.observe(one).events]
    second = Judge("c1", [WindowRules("1", LIMITS)], first.new_id)
    second.restore(json.loads(json.dumps(first.snapshot())))
    later = [one for one in seen if one.captured_at >= at(cut_s + down_s)]
    events += [event for one in later for event in second.observe(one).events]
    latest = {event.id: event for event in events}
    assert sorted(event.behaviour for event in latest.values()) == ["absence", "empty_post"]
    absence, empty = sorted(latest.values(), key=lambda event: event.behaviour)
    assert abs((absence.started_at - at(30)).total_seconds()) <= 1
    assert absence.ended_at is not None
    assert abs((absence.ended_at - at(1330)).total_seconds()) <= 1.5
    unseen_s = max(down_s - 1, 0) if cut_s < 930 else 0
    assert abs((empty.flagged_at - at(930 + unseen_s)).total_seconds()) <= 5


def test_a_picture_without_size_is_no_view() -> None:
    blind = Observation("c1", at(1), (0, 0), view=ViewQuality.COVERED)
    assert look(Post(), blind, "1", PostRule()) == Post()
