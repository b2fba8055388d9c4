"""The worker: watches cameras, and leaves in the spool of each whatever somebody must be told.

One thread a camera reads and judges, so only it touches that video; delivery and the live picture have
threads of their own and can fail or wait without holding it up. What a step leads to is committed as a
whole; a worker that is killed goes on from its last commit.
"""

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import structlog

from cameras.clips import PART, finished, sweep
from cameras.health import CameraState, Health
from cameras.load import Load
from cameras.reader import Picture, read
from cameras.reconnect import watch
from cameras.ring import PacketRing
from cameras.source import Source
from hallwatch.calendar_seed import china_calendar
from hallwatch.calibration_feed import CalibrationFeed
from hallwatch.camera_permission import wait_for_permission
from hallwatch.camera_threads import CameraThreads
from hallwatch.clock_watch import ClockWatch
from hallwatch.delivery import Delivery
from hallwatch.evidence_clips import Cut, EvidenceClips, message_of
from hallwatch.held_changes import NOTHING, joined
from hallwatch.http_sink import HttpSink
from hallwatch.live_view import LiveView
from hallwatch.main_stream import MainStream
from hallwatch.networks import Networks, open_networks
from hallwatch.new_ids import new_id
from hallwatch.observed_time import ObservedTime
from hallwatch.pipeline import Pipeline, Seen, pipeline_for, zones_of
from hallwatch.playback import resume_at_s
from hallwatch.saved_calibration import SITE_FILE, SavedCalibration
from hallwatch.shared_networks import in_turns
from hallwatch.site_models import Camera
from hallwatch.skeleton_trail import SkeletonTrail
from hallwatch.spool import Changes, Spool, SpoolNotWritableError
from hallwatch.wire import CameraStatus, ClipMessage, ClipState, EventMessage, hall_json
from hallwatch.work_plan import WorkPlan
from vision.values import Event, Frame, ViewQuality

_log = structlog.get_logger(__name__)

SNAPSHOT_EVERY_S = 1.0
LEDGER_EVERY_S = 5.0
STATUS_EVERY_S = 30.0
"""How often a camera's state is told though it stays the same: silence means that its worker is gone."""

EVERYTHING = 1_000_000
KILLED = "录制前进程中断。 The watching process ended before anything of it was recorded"
"""Why there is no clip, in the words that reviewers are told."""

OFF = "off"
"""All windows of the camera are closed by the roster."""

CLOSED = "所见窗口均未开放。 None of its windows is open now"
UNDRAWN = "有窗口尚未画出工作人员区,暂不评判。 A window's staff side is not drawn yet: nobody is judged there"
"""What is told of a camera that was just added."""

CALIBRATION = "calibration.json"
"""In the spool's folder: what was last saved for the camera in the browser."""


def run_workers(plans: Sequence[WorkPlan], stop: threading.Event) -> None:
    """Watch the plans' cameras, a thread each, with one set of networks for all, until `stop` is set.

    Raises what `run_worker` raises, when no camera is left that could be watched.
    """
    cv2.setNumThreads(1)
    networks = in_turns(open_networks(plans[0].detector))
    CameraThreads(plans, lambda plan, stopped: run_worker(plan, stopped, networks), stop).run()


def run_worker(plan: WorkPlan, stop: threading.Event, networks: Networks | None = None) -> None:
    """Watch the plan's camera until `stop` is set; without `networks`, with its own.

    Raises `SpoolError`, `ModelsError`, `CameraError` or `FloorError` for what only a person can mend.
    """
    cv2.setNumThreads(1)
    wait_for_permission(plan, stop)
    if stop.is_set():
        return
    camera = plan.camera
    networks = networks or open_networks(plan.detector)
    pipeline = pipeline_for(plan.site, camera, networks, new_id, china_calendar())
    with Spool(plan.spool_dir, now=datetime.now(UTC)) as spool:
        sinks = [HttpSink(plan.api_address, plan.worker_key) for _ in range(3)]
        live_sink, feed_sink, delivery_sink = sinks
        delivery = Delivery(spool, delivery_sink)
        feed = CalibrationFeed(
            camera, plan.spool_dir / CALIBRATION, lambda tag: feed_sink.calibration(camera.id, tag)
        )
        live = LiveView(
            lambda picture: live_sink.show(camera.id, picture),
            zones_of(camera),
            lambda picture: live_sink.show_still(camera.id, picture),
        )
        spool.commit(Changes(hall=hall_json(plan.site)))
        load = Load(camera.analysis_fps)
        work = CameraWork.resumed(pipeline, spool, plan.spool_dir / "clips", live, load)
        work.clips.main = main_stream_of(camera)
        work.clock = ClockWatch(Source.parse(camera.source, camera.transport))
        work.clock.start()
        work.calibrate(feed.kept(), camera)
        if work.clips.main is not None:
            work.clips.main.start()
        delivery.start()
        live.start()
        feed.start()
        try:
            for item in pictures(plan, work.clips.ring, stop, load):
                if (saved := feed.newest()) is not None:
                    work.calibrate(saved, camera)
                work.take(item)
                if stop.is_set() or not delivery.alive:
                    break
        finally:
            work.finish()
            if work.clips.main is not None:
                work.clips.main.stop()
            work.clock.stop()
            feed.stop()
            live.stop()
            delivery.stop()
            for sink in sinks:
                sink.close()


def main_stream_of(camera: Camera) -> MainStream | None:
    """The stream that clips are cut from, where the site file names one beside the analysed one."""
    if camera.evidence_source is None:
        return None
    return MainStream(camera.id, Source.parse(camera.evidence_source, camera.transport))


def pictures(
    plan: WorkPlan, ring: PacketRing, stop: threading.Event, load: Load
) -> Iterator[Picture | Health]:
    """What the camera shows; a file is played as if it were one, again and again. A stop cuts waits short."""
    source, rate = Source.parse(plan.camera.source, plan.camera.transport), plan.camera.analysis_fps
    if source.is_live:
        yield from watch(source, rate=rate, ring=ring, sleep=stop.wait, load=load)
        return
    now = datetime.now(UTC)
    yield Health(CameraState.CONNECTING, now)
    resume_s = resume_at_s(source, plan.spool_dir, now)
    paced = read(
        source,
        rate=rate,
        ring=ring,
        pace="live",
        loop=True,
        skip_to_s=resume_s,
        sleep=stop.wait,
        load=load,
    )
    yield from paced


@dataclass(slots=True)
class CameraWork:
    """What one camera's pictures lead to, step by step."""

    pipeline: Pipeline
    spool: Spool
    clips: EvidenceClips
    live: LiveView
    time: ObservedTime
    load: Load
    clock: ClockWatch | None = None
    _stored: Mapping[str, Any] = field(default_factory=dict)
    _stored_at: datetime | None = None
    _ledger_at: datetime | None = None
    _state: str | None = None
    _since: datetime | None = None
    _told_at: datetime | None = None
    _held: Changes = NOTHING
    _unstored: Mapping[str, Any] | None = None
    _size: tuple[int, int] | None = None
    _calibration: SavedCalibration = SITE_FILE

    @classmethod
    def resumed(
        cls, pipeline: Pipeline, spool: Spool, folder: Path, live: LiveView, load: Load | None = None
    ) -> "CameraWork":
        """Go on where a worker before this one stopped: its episodes, and clips it left unfinished.

        `load` tells the rate that the reader really keeps; without it the camera's own is told.
        """
        folder.mkdir(parents=True, exist_ok=True)
        stored = spool.episodes()
        pipeline.judge.restore(stored)
        rescue_clips(spool, folder, known_events(spool, stored))
        trail = SkeletonTrail()
        clips = EvidenceClips(PacketRing(), trail, folder)
        until = spool.counted_until(pipeline.camera.id)
        time = ObservedTime(pipeline.camera.id, spool.ledger_row, pipeline.open_spans, until)
        load = load or Load(pipeline.camera.analysis_fps)
        return cls(pipeline, spool, clips, live, time, load, _stored=stored)

    def calibrate(self, saved: SavedCalibration, camera: Camera) -> None:
        """Go on with a saved calibration of the site file's `camera`, or with what the site file says."""
        if saved.tag == self._calibration.tag:
            return
        calibrated = saved.on(camera)
        self.pipeline.calibrate(calibrated)
        self.live.draw_zones(zones_of(calibrated))
        self._calibration, self._told_at = saved, None
        held = "the site file" if saved.content is None else "what was saved in the browser"
        _log.info("floor and zones are taken from " + held, camera=camera.id, revision=saved.revision)

    def take(self, item: Picture | Health) -> None:
        """One picture, or a change of the camera's health."""
        if isinstance(item, Health):
            if item.state is not CameraState.LIVE:
                self._without_picture(item)
            return
        frame = Frame(self.pipeline.camera.id, item.sequence, item.captured_at, item.image)
        seen = self.pipeline.take(frame)
        self._size = seen.observation.size
        self.clips.trail.remember(seen.observation)
        self.time.take(seen.observation, seen.judgement.open_windows, seen.judgement)
        self.live.offer(item.image, seen.observation, seen.judgement.evidence)
        self._commit_step(seen)

    def _without_picture(self, health: Health) -> None:
        """No picture comes: events that are open end by their time, also those that only closing tells of."""
        self.time.interrupt(health.since)
        events = self.pipeline.judge.unseen(health.since)
        self._commit(
            events=events,
            cuts=[cut for event in events if event.revision == 1 and (cut := self.clips.begin(event))],
            ledger=self.time.changed(),
            episodes=self._snapshot() if events else None,
            statuses=self._status(health.state.value, health.since, health.last_error),
        )

    def finish(self) -> None:
        """The camera shows nothing more for now; open episodes stay open in the snapshot."""
        self._commit(
            cuts=list(self.clips.finish(cut_short=True)),
            ledger=self.time.changed(),
            episodes=self._snapshot(),
        )

    def _commit_step(self, seen: Seen) -> None:
        at = seen.observation.captured_at
        events = seen.judgement.events
        cuts = [cut for event in events if event.revision == 1 and (cut := self.clips.begin(event))]
        cuts += self.clips.advance(at)
        snapshot = None
        if events or self._due(self._stored_at, at, SNAPSHOT_EVERY_S):
            snapshot, self._stored_at = self._snapshot(), at
        ledger = self.time.changed() if self._due(self._ledger_at, at, LEDGER_EVERY_S) else ()
        if ledger:
            self._ledger_at = at
        statuses = self._view_status(seen, at)
        self._commit(events=events, cuts=cuts, ledger=ledger, episodes=snapshot, statuses=statuses)

    def _commit(
        self,
        *,
        events: Iterable[Event] = (),
        cuts: Iterable[Cut] = (),
        ledger: Iterable[Any] = (),
        episodes: Mapping[str, Any] | None = None,
        statuses: Iterable[CameraStatus] = (),
    ) -> None:
        fresh = Changes(
            events=[EventMessage(event, self.pipeline.judge.strip_of(event)) for event in events],
            clips=[cut.clip for cut in cuts],
            skeletons=[cut.skeleton for cut in cuts if cut.skeleton],
            statuses=tuple(statuses),
            ledger=tuple(ledger),
        )
        self._unstored = self._unstored if episodes is None else episodes
        self._store(joined(self._held, replace(fresh, episodes=self._difference())))

    def _store(self, changes: Changes) -> None:
        """Commit it; what the disk does not take is held, and told with the next commit that works."""
        if changes == NOTHING:
            return
        try:
            self.spool.commit(changes)
        except SpoolNotWritableError as error:
            if self._held == NOTHING:
                _log.error("nothing can be stored; watching goes on", reason=str(error))
            self._held = changes
            return
        if self._held != NOTHING:
            _log.info("what was held back is stored", events=len(changes.events))
        self._held = NOTHING
        if self._unstored is not None:
            self._stored, self._unstored = self._unstored, None

    def _snapshot(self) -> dict[str, Any]:
        return self.pipeline.judge.snapshot()

    def _difference(self) -> dict[str, Any]:
        """What of the newest snapshot is not stored, and None for what is over."""
        snapshot = self._unstored
        if snapshot is None:
            return {}
        changed = {key: value for key, value in snapshot.items() if self._stored.get(key) != value}
        return changed | {key: None for key in self._stored if key not in snapshot}

    def _view_status(self, seen: Seen, at: datetime) -> Iterator[CameraStatus]:
        view = seen.observation.view
        state = "live" if view is ViewQuality.OK else view.value
        if self.pipeline.camera.drawn and not seen.judgement.open_windows:
            state = OFF  # a hall at night is dark, and nobody need see to that
        if state != self._state or self._since is None:
            yield from self._status(state, at, self._remark(state))
        elif self._due(self._told_at, at, STATUS_EVERY_S):
            self._told_at = at
            yield self._told(state, self._since, self._remark(state))

    def _remark(self, state: str) -> str | None:
        if state == OFF:
            return CLOSED
        camera = self.pipeline.camera
        return UNDRAWN if len(camera.drawn) < len(camera.zones) else None

    def _status(self, state: str, since: datetime, detail: str | None) -> Iterator[CameraStatus]:
        self._state, self._since, self._told_at = state, since, since
        yield self._told(state, since, detail)

    def _told(self, state: str, since: datetime, detail: str | None) -> CameraStatus:
        camera, revision = self.pipeline.camera.id, self._calibration.revision
        ahead_s = self.clock.ahead_s if self.clock else None
        return CameraStatus(camera, state, since, detail, self._rate(), self._size, revision, ahead_s)

    def _rate(self) -> float:
        return round(self.load.rate, 2)

    @staticmethod
    def _due(last: datetime | None, at: datetime, every_s: float) -> bool:
        return last is None or (at - last).total_seconds() >= every_s


def known_events(spool: Spool, episodes: Mapping[str, Any]) -> set[str]:
    """The ids of events that a worker before this one has raised and that may still want a clip."""
    waiting = {message.key for message in spool.due("event", float("inf"), EVERYTHING)}
    return waiting | {saved["event_id"] for saved in episodes.values() if saved.get("event_id")}


def rescue_clips(spool: Spool, folder: Path, known: set[str]) -> None:
    """Send the clips that a killed worker left: cut short ones as partial, whole ones that were not told.

    A clip whose event was never raised is nobody's, and goes. An event of which nothing was recorded is told
    to have no clip, and why; one whose part a full disk keeps from being finished waits for the next start.
    """
    unfilmed = spool.unfilmed()
    known = known | unfilmed
    told = spool.keys("clip")
    swept = sweep(folder)
    # What was swept is by now a file like the whole ones; only the sweep knows that it was cut short.
    left = {clip.path.stem: clip for clip in (*finished(folder), *swept)}
    for event_id in set(left) - known - told:
        with contextlib.suppress(OSError):
            left.pop(event_id).path.unlink(missing_ok=True)
    rescued = [message_of(event_id, clip) for event_id, clip in left.items() if event_id not in told]
    waiting = {path.name.partition(".")[0] for path in folder.glob(f"*{PART}")}
    rescued += [
        ClipMessage(event_id, ClipState.FAILED, reason=KILLED)
        for event_id in sorted(unfilmed - set(left) - told - waiting)
    ]
    if rescued:
        spool.commit(Changes(clips=rescued))
