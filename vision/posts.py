"""Whether the post behind a window is taken: `on`, `away`, `occluded` or `unknown`, whoever sits there.

What is judged is the post, not a track: tracks are lost and begun anew while a clerk sits still. A post is
taken or left when most of a short stretch says so, entering and leaving each with its own length; the change
itself is dated back to the moment it was first seen, so the stretches cost no accuracy.

Somebody who is not seen any more is not gone yet. Hidden (`occluded`) is who vanished behind somebody else's
box, for as long as that covers the place, and who vanished at the seat without having moved from it (ducked
to a drawer, bent below the desk), for `duck_s`; a duck that lasts longer was a departure, and counts from its
beginning. Without a view nothing is known; a post that was empty before an interruption of at most `bridge_s`
and is empty after it was left once, and only the seconds that were seen count.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from vision.boxes import coverage, iou
from vision.episodes import LONGEST_SAMPLE_S
from vision.values import Box, Observation, Person, Side, ViewQuality

BLIND_S = 10.0
"""Without a view for so long a post is unknown: the time after which open episodes are interrupted."""

MOST_SHARE = 0.6
"""Seen in so much of the entering stretch, a post is taken: two of three samples at any rate."""

FEW_SHARE = 0.2
"""Seen in at most so much of the leaving stretch, it is left: one ghost in five samples is none."""

COVERED = 0.5
"""Somebody whose box covers half of where the clerk was last seen hides a clerk bent over the desk."""

FROM_SEAT = 0.5
"""Vanished farther than half a box's width aside, or half as far up, of the seat: walked or stood up to."""

SEAT_LASTS_S = 20.0
"""Time constant with which the seat follows where somebody is."""

EDGE = 0.01
"""A box so near the picture's side edge (share of its width) belongs to somebody who walks out of it."""

ROUNDING_S = 1e-6


class PostState(StrEnum):
    """What is known of a post at a moment."""

    ON = "on"
    AWAY = "away"
    OCCLUDED = "occluded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PostRule:
    """When a post counts as taken. `required` is how many must be there; the rest are seconds."""

    required: int = 1
    enter_s: float = 2.0
    leave_s: float = 3.0
    duck_s: float = 60.0
    bridge_s: float = 300.0

    def __post_init__(self) -> None:
        if self.required < 1:
            raise ValueError(f"a post is taken by at least one person, not {self.required}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one clerk was last seen: the track, its box, and the seat (centre x, y px) it kept to."""

    track: int
    box: Box
    seat: tuple[float, float]
    at: datetime
    walked: bool = False

    def left_seat(self, width_px: int) -> bool:
        """Whether whoever was here had set out: seen elsewhere, at the picture's side, or off the seat."""
        x1, y1, x2, y2 = self.box
        aside = abs((x1 + x2) / 2 - self.seat[0])
        up = self.seat[1] - (y1 + y2) / 2
        broad = max(x2 - x1, 1.0)
        at_edge = x1 <= EDGE * width_px or x2 >= (1 - EDGE) * width_px
        return self.walked or at_edge or aside > FROM_SEAT * broad or up > FROM_SEAT / 2 * broad


@dataclass(frozen=True, slots=True)
class Post:
    """What is known of a post by now.

    `since` is when its state began; `seen_s` says for how many seconds of it the camera saw. `staff_seen` is
    how many were there at `at`, the last moment with a view. `covered_at` is when somebody else last stood
    before whoever is hidden; `samples` are the last moments and whether enough people were there.
    """

    state: PostState = PostState.UNKNOWN
    since: datetime | None = None
    seen_s: float = 0.0
    at: datetime | None = None
    staff_seen: int = 0
    required: int = 1
    covered_at: datetime | None = None
    samples: tuple[tuple[datetime, bool], ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def hit(self) -> bool:
        """Whether enough people were there when it was last looked at."""
        return self.staff_seen >= self.required

    def to_dict(self) -> dict[str, Any] | None:
        """What must outlive the process, as JSON values: that the post is empty, and since when."""
        if self.state is not PostState.AWAY:
            return None
        kept = replace(self, samples=(), places=(), seen_s=round(self.seen_s, 3))
        dumped: dict[str, Any] = _ADAPTER.dump_python(kept, mode="json")
        return dumped

    @staticmethod
    def from_dict(saved: Mapping[str, Any]) -> "Post":
        """A post read back. Raises `pydantic.ValidationError` on what is none."""
        return _ADAPTER.validate_python(saved)


_ADAPTER = TypeAdapter(Post)


def look(post: Post, observation: Observation, window: str, rule: PostRule) -> Post:
    """The post after a frame. What is not later than the last is left out."""
    now = observation.captured_at
    if post.at is not None and now <= post.at:
        return post
    if observation.view is not ViewQuality.OK:
        return _unseen(post, now)
    post = _resumed(post, now, rule)
    mine = [person for person in observation.persons if person.window == window]
    staff = [person for person in mine if person.zone is Side.STAFF]
    others = [person for person in observation.persons if person not in staff]
    longest = timedelta(seconds=max(rule.enter_s, rule.leave_s) + ROUNDING_S)
    samples = (*(one for one in post.samples if one[0] >= now - longest), (now, len(staff) >= rule.required))
    places = tuple(_places(post.places, staff, others, now))
    post = replace(
        post, at=now, staff_seen=len(staff), required=rule.required, samples=samples, places=places
    )
    return _judged(post, others, observation.size[0], rule)


def state_at(post: Post, now: datetime) -> PostState:
    """The state as it is known at `now`: without a view for long, unknown."""
    if post.at is None or _seconds(post.at, now) > BLIND_S:
        return PostState.UNKNOWN
    return post.state


def _unseen(post: Post, now: datetime) -> Post:
    """Nothing is known of what happens now; that it was empty before may still matter afterwards."""
    blind = post.at is not None and _seconds(post.at, now) > BLIND_S
    return Post() if blind and post.state is not PostState.AWAY else post


def _resumed(post: Post, now: datetime, rule: PostRule) -> Post:
    """The post with the time until `now` counted; after an interruption, what of it still holds."""
    if post.at is None:
        return post
    gap_s = _seconds(post.at, now)
    if gap_s > BLIND_S and (post.state is not PostState.AWAY or gap_s > rule.bridge_s):
        return Post()
    samples = () if gap_s > BLIND_S else post.samples
    return replace(post, samples=samples, seen_s=post.seen_s + min(gap_s, LONGEST_SAMPLE_S))


def _places(
    known: tuple[Place, ...], staff: list[Person], others: list[Person], now: datetime
) -> Iterator[Place]:
    """Where everybody of the staff was last seen, as long as that may explain an empty seat."""
    before = {place.track: place for place in known}
    for person in staff:
        yield _moved(before.pop(person.track, None), person, now)
    elsewhere = {person.track for person in others}
    for place in before.values():
        # Somebody else at the same spot is the same clerk under a new track.
        if not any(iou(place.box, person.box) > 0.3 for person in staff):
            yield replace(place, walked=place.walked or place.track in elsewhere)


def _moved(place: Place | None, person: Person, now: datetime) -> Place:
    x1, y1, x2, y2 = person.box
    centre = ((x1 + x2) / 2, (y1 + y2) / 2)
    if place is None:
        return Place(person.track, person.box, centre, now)
    share = min(_seconds(place.at, now) / SEAT_LASTS_S, 1.0)
    seat = tuple(old + share * (new - old) for old, new in zip(place.seat, centre, strict=True))
    return Place(person.track, person.box, (seat[0], seat[1]), now)


def _judged(post: Post, others: list[Person], width_px: int, rule: PostRule) -> Post:
    """Let the last samples decide whether the state changes."""
    if post.hit:
        post = replace(post, places=_present(post))
        if post.state is PostState.OCCLUDED or (
            post.state is not PostState.ON and _says(post, rule.enter_s, lambda hits: hits >= MOST_SHARE)
        ):
            return _now(post, PostState.ON, _first(post, rule.enter_s, hit=True))
        return post
    if post.state in (PostState.ON, PostState.OCCLUDED):
        left = _says(post, rule.leave_s, lambda hits: hits <= FEW_SHARE)
        return _emptied(post, others, width_px, rule) if left else post
    post = replace(post, places=_present(post))
    if post.state is PostState.UNKNOWN and _says(post, rule.leave_s, lambda hits: hits <= FEW_SHARE):
        return _now(post, PostState.AWAY, _first(post, rule.leave_s, hit=False))
    return post


def _emptied(post: Post, others: list[Person], width_px: int, rule: PostRule) -> Post:
    """Too few have been seen for a while: are the others hidden, or gone?"""
    assert post.at is not None
    vanished_at = _vanished_at(post)
    missing = [place for place in post.places if place.at != post.at and not place.left_seat(width_px)]
    behind = [place for place in missing if _is_covered(place, others)]
    if post.staff_seen + len(behind) >= rule.required:
        return replace(_now(post, PostState.OCCLUDED, vanished_at), covered_at=post.at)
    if post.covered_at is not None:
        # Whoever was hidden went unseen; the seat is known to be empty from when it came into sight.
        if _seconds(post.covered_at, post.at) <= rule.leave_s:
            return post
        return _gone(post, post.covered_at)
    ducked = [place for place in missing if _seconds(place.at, post.at) <= rule.duck_s]
    if post.staff_seen + len(ducked) >= rule.required:
        return _now(post, PostState.OCCLUDED, vanished_at)
    return _gone(post, vanished_at)


def _gone(post: Post, since: datetime) -> Post:
    return replace(_now(post, PostState.AWAY, since), places=_present(post))


def _vanished_at(post: Post) -> datetime:
    """When enough people were last there."""
    if post.state is PostState.OCCLUDED and post.since is not None:
        return post.since
    return max((at for at, hit in post.samples if hit), default=post.samples[0][0])


def _is_covered(place: Place, others: list[Person]) -> bool:
    return any(coverage(place.box, person.box) >= COVERED for person in others)


def _present(post: Post) -> tuple[Place, ...]:
    """Once enough are there, nobody is missed."""
    return tuple(place for place in post.places if place.at == post.at)


def _says(post: Post, seconds: float, rule: Callable[[float], bool]) -> bool:
    """Whether the samples cover the last `seconds`, and the share of hits among them meets the rule."""
    assert post.at is not None
    recent = [hit for at, hit in post.samples if at >= _back(post.at, seconds)]
    covers = _seconds(post.samples[0][0], post.at) >= seconds - LONGEST_SAMPLE_S / 2 - ROUNDING_S
    return covers and rule(sum(recent) / len(recent))


def _first(post: Post, seconds: float, *, hit: bool) -> datetime:
    """The first sample of that kind within the last `seconds`."""
    assert post.at is not None
    return next(at for at, found in post.samples if at >= _back(post.at, seconds) and found is hit)


def _back(moment: datetime, seconds: float) -> datetime:
    return moment - timedelta(seconds=seconds + ROUNDING_S)


def _now(post: Post, state: PostState, since: datetime) -> Post:
    """The post in that state, which began a little before its samples were enough to tell."""
    if post.since == since and post.seen_s:
        return replace(post, state=state, covered_at=None)
    moments = [at for at, _ in post.samples if at >= since]
    seen_s = sum(min(_seconds(one, next_one), LONGEST_SAMPLE_S) for one, next_one in pairwise(moments))
    return replace(post, state=state, since=since, seen_s=seen_s, covered_at=None)


def _seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
