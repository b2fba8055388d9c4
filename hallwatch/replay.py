"""Judging stored tracks again: which events other limits would bring, change or take away.

The same judge as in the worker, on what was seen then; only perception does not run. Who stood in which
window's zone was decided when the tracks were written, so moved zones need the pictures again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hallwatch.calendar_seed import china_calendar
from hallwatch.new_ids import new_id
from hallwatch.pipeline import rules_of
from hallwatch.settings import SettingsError
from hallwatch.site_models import Camera, Site
from vision.judge import Judge, WindowRules
from vision.tracks_file import TracksReader
from vision.values import Event, Observation

CONTEXT_SITE, CONTEXT_CAMERA = "site", "camera"


class ReplayError(SettingsError):
    """Tracks that do not go with the site; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An event as it was and as it would be; one of them is None where it appears or vanishes."""

    before: Event | None
    after: Event | None

    @property
    def verdict(self) -> str:
        """`appears`, `vanishes`, `changes` or `stays`."""
        if self.before is None:
            return "appears"
        if self.after is None:
            return "vanishes"
        return "stays" if _shape(self.before) == _shape(self.after) else "changes"


def context_of(site: Site, camera: Camera) -> Mapping[str, Any]:
    """What tracks remember of the rules they were judged by; no source and so no password is in it."""
    cameras = [{**_plain(camera), "source": "tracks", "starts_at": None}]
    return {CONTEXT_SITE: {**_plain(site), "cameras": cameras}, CONTEXT_CAMERA: camera.id}


def site_then(reader: TracksReader) -> tuple[Site, Camera]:
    """The site that the tracks were judged by. Raises `ReplayError` where they remember none."""
    found = reader.header.context.get(CONTEXT_SITE)
    if found is None:
        raise ReplayError("these tracks do not remember their site; give the one before with --before")
    site = Site.model_validate(found)
    return site, site.cameras[0]


def camera_of(site: Site, reader: TracksReader) -> Camera:
    """The camera of a site that the tracks come from. Raises `ReplayError` when the site has none such."""
    known = {camera.id: camera for camera in site.cameras}
    if reader.header.camera not in known:
        raise ReplayError(
            f"the tracks are of camera {reader.header.camera}, and the site has {', '.join(known)}; "
            "name the camera of the site with --camera"
        )
    return known[reader.header.camera]


def judge_again(observations: Iterable[Observation], site: Site, camera: Camera) -> tuple[Event, ...]:
    """The events that a site's rules make of what was seen, in order of their beginning."""
    calendar = china_calendar()
    return judged_by([rules_of(site, camera, window, calendar) for window in camera.drawn], observations)


def judged_by(rules: list[WindowRules], observations: Iterable[Observation]) -> tuple[Event, ...]:
    """The events of rules, each as it last was."""
    events: dict[str, Event] = {}
    judge: Judge | None = None
    last: datetime | None = None
    for one in observations:
        judge = judge or Judge(one.camera, rules, new_id)
        last = one.captured_at
        events |= {event.id: event for event in judge.observe(one).events}
    if judge is not None and last is not None:
        events |= {event.id: event for event in judge.finish(last)}
    return tuple(sorted(events.values(), key=lambda event: event.started_at))


def compare(before: Iterable[Event], after: Iterable[Event]) -> tuple[Compared, ...]:
    """Each event with its counterpart: same behaviour and window, overlapping; the longest overlap first."""
    old, new = list(before), list(after)
    pairs = sorted(
        (
            (-overlap, i, k)
            for i, was in enumerate(old)
            for k, now in enumerate(new)
            if (was.behaviour, was.window) == (now.behaviour, now.window)
            and (overlap := _overlap(was, now)) >= timedelta(0)
        ),
        key=lambda pair: pair,
    )
    matched: dict[int, int] = {}
    for _, i, k in pairs:
        if i not in matched and k not in matched.values():
            matched[i] = k
    found = [Compared(was, new[matched[i]] if i in matched else None) for i, was in enumerate(old)]
    found += [Compared(None, now) for k, now in enumerate(new) if k not in matched.values()]
    return tuple(sorted(found, key=_begun))


def _begun(pair: Compared) -> datetime:
    event = pair.before or pair.after
    assert event is not None
    return event.started_at


def _overlap(one: Event, other: Event) -> timedelta:
    ends = [event.ended_at or event.started_at for event in (one, other)]
    return min(ends) - max(one.started_at, other.started_at)


def _shape(event: Event) -> tuple[Any, ...]:
    return event.variant, event.started_at, event.ended_at, event.ending


def _plain(model: Site | Camera) -> dict[str, Any]:
    found: dict[str, Any] = model.model_dump(mode="json")
    return found
