"""Runs the pipeline over clips with truth; behind `hallwatch evaluate` and `hallwatch datasets tune`."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from cameras.reader import read
from cameras.source import Source
from datasets.evaluate import ClipScore, score_clip
from datasets.matching import Flag, LimitsOf
from datasets.report import Moment, moments_of
from datasets.site_from_truth import site_from_truth
from datasets.true_frames import read_frames
from datasets.truth import Truth, TruthError
from hallwatch.analyze import Found, Progress, analyze
from hallwatch.calendar_seed import china_calendar
from hallwatch.networks import Networks
from hallwatch.new_ids import new_id
from hallwatch.overlay import drawn
from hallwatch.pipeline import rules_of, zones_of
from hallwatch.site import limits_for, load_site
from hallwatch.site_models import Camera, Site
from vision.article27 import Limits
from vision.judge import Judge
from vision.values import Evidence, Image, Observation

JPEG_QUALITY = 80
PICTURE_WIDTH = 480


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredClip:
    """One clip run through the pipeline: its score, and what was seen in it."""

    score: ClipScore
    site: Site
    camera: Camera
    observations: tuple[Observation, ...]

    @property
    def truth(self) -> Truth:
        """What is true of it."""
        return self.score.truth


def site_of(truth: Truth) -> tuple[Site, Camera]:
    """The clip's site and its camera there: `NAME.site.yaml` where it lies beside it, else from the truth.

    Raises `SiteError` and `TruthError`.
    """
    if truth.site_path is not None:
        site = load_site(truth.site_path)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{truth.name}.site.yaml"
            path.write_text(site_from_truth(truth), encoding="utf-8")
            site = load_site(path)
    update = {"source": str(truth.clip_path.resolve()), "starts_at": truth.starts_at}
    return site, _camera_of(site, truth).model_copy(update=update)


def _camera_of(site: Site, truth: Truth) -> Camera:
    """The one camera of the site, or that which plays the clip."""
    same = [camera for camera in site.cameras if Path(camera.source).name == truth.clip]
    chosen = same if same or len(site.cameras) > 1 else site.cameras
    if len(chosen) != 1:
        raise TruthError(
            f"{truth.site_path}: one of its cameras must have `source: {truth.clip}`, {len(chosen)} do."
        )
    return chosen[0]


def limits_of(site: Site) -> LimitsOf:
    """The limits of a site's windows; None for a window that the site does not watch."""
    windows = {window.id for window in site.windows}

    def limits(window: str, behaviour: str) -> Limits | None:
        return limits_for(site, window, behaviour) if window in windows else None

    return limits


def measure(truth: Truth, networks: Networks, progress: Progress = lambda _: None) -> MeasuredClip:
    """Run one clip and score it. Raises `CameraError`, `SiteError`, `TruthError` or `FloorError`."""
    site, camera = site_of(truth)
    frames = read_frames(truth.frames_path) if truth.frames_path else None
    observations: list[Observation] = []
    analysed = analyze(site, camera, networks, progress=progress, watcher=observations.append)
    flags = [_flag(found) for found in analysed.events]
    score = score_clip(truth, flags, frames, observations, limits_of(site))
    return MeasuredClip(score, site, camera, tuple(observations))


def _flag(found: Found) -> Flag:
    event = found.event
    return Flag(
        event.behaviour,
        event.window,
        found.started_s,
        found.flagged_s,
        found.ended_s,
        event.variant,
        event.peak_score,
    )


def evidence_of(clip: MeasuredClip) -> Iterator[Evidence]:
    """The evidence of every behaviour at every moment of a clip, from what was seen in it."""
    calendar = china_calendar()
    rules = [rules_of(clip.site, clip.camera, window, calendar) for window in clip.camera.drawn]
    judge = Judge(clip.camera.id, rules, new_id)
    for observation in clip.observations:
        yield from judge.observe(observation).evidence


def pictures_of(clip: MeasuredClip) -> dict[Moment, bytes]:
    """A JPEG of every miss and every false flag of a clip, with what was seen drawn into it."""
    return {
        moment: _jpeg(picture)
        for moment in moments_of(clip.score)
        if (picture := _picture(clip, moment.at_s)) is not None
    }


def _picture(clip: MeasuredClip, at_s: float) -> Image | None:
    """The picture of a moment, None when the file ends before."""
    found = None
    for picture in read(Source.parse(clip.camera.source), rate=clip.truth.fps, skip_to_s=max(0.0, at_s)):
        found = picture.image
        if picture.at_s >= at_s - 1e-3:
            break
    if found is None:
        return None
    seen = min(
        clip.observations, key=lambda one: abs(clip.truth.second_of(one.captured_at) - at_s), default=None
    )
    return drawn(found, seen, (), zones_of(clip.camera)) if seen else found


def _jpeg(image: Image) -> bytes:
    height, width = image.shape[:2]
    if width > PICTURE_WIDTH:
        image = cv2.resize(
            image, (PICTURE_WIDTH, round(height * PICTURE_WIDTH / width)), interpolation=cv2.INTER_AREA
        ).astype(image.dtype)
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return encoded.tobytes()
