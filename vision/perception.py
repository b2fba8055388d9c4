"""From a frame to an observation: who is where, and how each holds the body.

A detector looks for people about once a second (or the pose engine itself does, where there is none); in
between each person is followed by the pose, whose joints say where to look next. Doubt (a lost pose, a post
that has just become empty, a track that nobody confirms) brings the search forward; where nothing stirs it
comes less often, and joints stay where they were for a moment. A person once seen is never dropped because
nothing moves: a still clerk is a present clerk.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from models.blazepose import FoundBody, region_by_shape
from models.detections import Detection, PoseEstimate, Region
from vision import zones as zoning
from vision.boxes import box_of_joints, centre, coverage, grown, intersection, iou
from vision.camera_moved import LOOK_EVERY_S, MoveWatch
from vision.close_look import CloseLook
from vision.floor_tracks import FloorTracks
from vision.held_things import HandSearch, things_of
from vision.masking import MARGIN, PictureMask
from vision.sane_engines import Refused, SaneDetector, SanePose
from vision.sides import Sides
from vision.silhouettes import Silhouette, alone, lost_joints, same_body
from vision.standing import Ground
from vision.stillness import Stillness
from vision.tracking import Measured, Tracker
from vision.values import JOINT, Box, Frame, Image, Observation, Person, Pose, Side, Thing, ViewQuality
from vision.view_quality import ViewMonitor
from vision.zones import WindowZones


class BodyDetector(Protocol):
    """Finds objects, people among them, in part of a picture."""

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]: ...


class PoseEngine(Protocol):
    """Finds bodies in part of a picture, and the joints of one body where it is told to look."""

    def find(
        self, image: Image, crop: Box | None = None, min_score: float = 0.5
    ) -> tuple[FoundBody, ...]: ...

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None: ...


SEARCH_EVERY_S = 1.0
DOUBTFUL_SEARCH_EVERY_S = 0.4
STILL_SEARCH_EVERY_S = 3.0
"""Where nothing stirs nobody comes; the search goes on at this pace in case the glance missed somebody."""

STILL_POSE_S = 0.7
"""For so long the joints of somebody who does not stir are taken to be where they were."""

COAST_S = 2.5
"""Somebody who is not seen for so long is lost."""

UNCONFIRMED_S = 5.0
"""A track that neither detector nor body finder confirms for so long was a ghost."""

SURE_SCORE = 0.45
"""A detected person at or above this needs no witness; below, the pose must confirm."""

FAINT_SCORE = 0.1
"""Enough to confirm somebody who is followed already: a clerk seen from behind, below the picture's edge."""

BEGIN_SCORE = 0.2
SURE_BODY = 0.7
"""Table legs reach 0.57 and desks 0.67 with the body finder, people slumped on a desk 0.8."""

LIKELY_BODY = 0.5
LIKELY_PRESENCE = 0.9
"""Also taken is a likely body where the pose is sure: mostly 0.97 and more of clerks, of chairs 0.74."""

BODY_ROOM = 0.3
"""How much of a person's box is added on each side before the body finder looks at it."""

PRESENT = 0.1
"""How sure the pose engine must be that somebody is there: arms folded before a dark jacket come down to 0.1,
an empty chair or desk to 0.01. It says nothing of how right the joints are."""

SURELY_PRESENT = 0.8
SAME_PERSON_COVERAGE = 0.6
"""A found box that lies so much within a tracked one (or the other way) is the same person seen partly."""

SLID_BELOW = 0.35
SLID_MARGIN = 0.1
DOUBLE_IOU = 0.75
NEIGHBOUR_ROOM = 0.2
"""A person's box with so much room on each side must touch another's for the two to be close."""

PERSON = "person"
SEARCH = "search"
"""What the last search is remembered by, beside the tracks' numbers."""


@dataclass(slots=True)
class Perception:
    """Sees one camera. Not shared between cameras: it remembers who it follows.

    Networks see only what lies in the zones and `mask_margin` (a share of the picture) about them; `refused`
    counts their answers that were no numbers. What hands hold is told by `close_look`, or, where there is
    none, by the detector.
    """

    zones: Sequence[WindowZones]
    pose: PoseEngine
    detector: BodyDetector | None = None
    ground: Ground | None = None
    mask_margin: float = MARGIN
    refused: Refused = field(default_factory=Refused)
    tracker: Tracker = field(default_factory=lambda: Tracker(coast_s=COAST_S))
    monitor: ViewMonitor = field(default_factory=ViewMonitor)
    move_watch: MoveWatch | None = None
    stillness: Stillness = field(default_factory=Stillness)
    hands: HandSearch = field(default_factory=HandSearch)
    close_look: CloseLook | None = None
    _regions: dict[int, Region] = field(default_factory=dict)
    _poses: dict[int, PoseEstimate] = field(default_factory=dict)
    _posed_s: dict[int, float] = field(default_factory=dict)
    _confirmed_s: dict[int, float] = field(default_factory=dict)
    _searched_s: float | None = None
    _placed_s: float | None = None
    _began: datetime | None = None
    _just_lost: bool = False
    _things: tuple[Thing, ...] = ()
    _floor_tracks: FloorTracks | None = None
    _mask: PictureMask | None = None
    _sides: Sides = field(init=False)
    _lookouts: tuple[Box, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.pose = SanePose(self.pose, self.refused)
        self.detector = SaneDetector(self.detector, self.refused) if self.detector else None
        self._sides = Sides(self.zones)
        polygons = zoning.polygons_of(self.zones)
        self._lookouts = tuple(zoning.covering_box([polygon], (1, 1)) for polygon in polygons)

    def observe(self, frame: Frame) -> Observation:
        """What this frame shows. Frames come in order of `captured_at`."""
        size = (frame.image.shape[1], frame.image.shape[0])
        view = self.monitor.judge(frame.image, frame.captured_at)
        if view is not ViewQuality.OK:
            return Observation(frame.camera, frame.captured_at, size, view=view)
        at_s = self._seconds(frame.captured_at)
        if self._is_moved(frame.image, at_s):
            return Observation(frame.camera, frame.captured_at, size, view=ViewQuality.MOVED)
        image = self._masked(frame.image, size)
        self.tracker.advance(at_s)
        self._follow(image, at_s)
        detections = self._search(image, at_s, size) if self._search_due(at_s) else ()
        self._forget(at_s, size)
        persons = self._persons(size, at_s)
        self._things = self._seen_things(image, persons, detections, at_s)
        return Observation(frame.camera, frame.captured_at, size, persons, self._things, view)

    def _is_moved(self, image: Image, at_s: float) -> bool:
        """Whether the camera looks elsewhere than its zones; looked at once in a while."""
        watch = self.move_watch
        if watch is None:
            return False
        if self._placed_s is None or at_s - self._placed_s >= LOOK_EVERY_S - 1e-3:
            self._placed_s = at_s
            # Tracks are of before a move: while it lasts they hide nothing.
            watch.look(image, () if watch.is_moved else [track.box for track in self.tracker.tracks])
        return watch.is_moved

    def _masked(self, image: Image, size: tuple[int, int]) -> Image:
        """The picture with what lies outside of all zones blank: nothing else reaches a network."""
        if self._mask is None or self._mask.size != size:
            self._mask = PictureMask.over(self.zones, size, self.mask_margin, self.ground)
        return self._mask.apply(image)

    def _seconds(self, captured_at: datetime) -> float:
        self._began = self._began or captured_at
        return (captured_at - self._began).total_seconds()

    def _follow(self, image: Image, at_s: float) -> None:
        """Every tracked person's pose anew, from the region its last pose pointed to, else from the box."""
        before, self._poses = self._poses, {}
        boxes = {track.id: track.box for track in self.tracker.tracks}
        found: dict[int, PoseEstimate] = {}
        still: dict[int, PoseEstimate] = {}
        for track_id, region in list(self._regions.items()):
            box = boxes[track_id]
            if track_id in before and self._holds_still(track_id, box, image, at_s):
                still[track_id] = before[track_id]
                continue
            others = [other for number, other in boxes.items() if number != track_id]
            shown = self._without_others(image, box, before, boxes, track_id)
            estimate = self._estimate(shown, region, box) or self._first_estimate(shown, box, None)
            if estimate is None or _another_s(estimate, box, others):
                del self._regions[track_id]
                self._just_lost = True
                continue
            found[track_id] = estimate
        for track_id, estimate in _with_own_legs(found | still).items():
            if track_id in found:
                self._accept(track_id, estimate, at_s)
            else:
                self._keep_pose(track_id, estimate, at_s)

    def _without_others(
        self,
        image: Image,
        box: Box,
        poses: Mapping[int, PoseEstimate],
        boxes: Mapping[int, Box],
        own: int | None = None,
    ) -> Image:
        """The picture without those who stand so close that their limbs may be taken for this person's."""
        around = grown(box, NEIGHBOUR_ROOM, (image.shape[1], image.shape[0]))
        close = [
            _silhouette(estimate)
            for other, estimate in poses.items()
            if other != own and other in boxes and intersection(boxes[other], around) > 0
        ]
        if not close:
            return image
        known = poses.get(own) if own is not None else None
        return alone(image, _silhouette(known) if known else None, close)

    def _holds_still(self, track_id: int, box: Box, image: Image, at_s: float) -> bool:
        """Whether somebody was looked at lately and has not stirred since."""
        if at_s - self._posed_s.get(track_id, -math.inf) > STILL_POSE_S + 1e-3 or self.monitor.small is None:
            return False
        height, width = image.shape[:2]
        share = box[0] / width, box[1] / height, box[2] / width, box[3] / height
        return self.stillness.is_still(track_id, self.monitor.small, share)

    def _estimate(self, image: Image, region: Region, box: Box) -> PoseEstimate | None:
        """The pose in the region, unless nobody is there or it slid over to somebody beside the track."""
        estimate = self.pose.estimate(image, region)
        if estimate is None or estimate.presence < PRESENT:
            return None
        joints_box = box_of_joints(estimate.keypoints)
        slid = joints_box is not None and _sameness(joints_box, box) < SLID_BELOW
        return None if slid else estimate

    def _accept(self, track_id: int, estimate: PoseEstimate, at_s: float) -> None:
        self._posed_s[track_id] = at_s
        if self.monitor.small is not None:
            self.stillness.looked(track_id, self.monitor.small)
        self._keep_pose(track_id, estimate, at_s)

    def _keep_pose(self, track_id: int, estimate: PoseEstimate, at_s: float) -> None:
        self._poses[track_id] = estimate
        self._regions[track_id] = estimate.region
        box = box_of_joints(estimate.keypoints)
        if box is not None:
            self.tracker.correct_one(track_id, Measured(box, estimate.presence), at_s)

    def _search_due(self, at_s: float) -> bool:
        if self._searched_s is None:
            return True
        return at_s - self._searched_s >= self._search_interval_s() - 1e-3

    def _search_interval_s(self) -> float:
        """Soon on doubt or where somebody may just have come; seldom where nothing stirs."""
        if self._just_lost:
            return DOUBTFUL_SEARCH_EVERY_S
        small = self.monitor.small
        if small is not None and all(self.stillness.is_still(SEARCH, small, zone) for zone in self._lookouts):
            return STILL_SEARCH_EVERY_S
        return SEARCH_EVERY_S if self.tracker.tracks else DOUBTFUL_SEARCH_EVERY_S

    def _search(self, image: Image, at_s: float, size: tuple[int, int]) -> tuple[Detection, ...]:
        """Look for people in the zones; begin new tracks, confirm those that are followed."""
        self._searched_s = at_s
        self._just_lost = False
        if self.monitor.small is not None:
            self.stillness.looked(SEARCH, self.monitor.small)
        polygons = zoning.polygons_of(self.zones)
        crop = zoning.covering_box(polygons, size)
        detections = self.detector.detect(image, crop, min_score=FAINT_SCORE) if self.detector else ()
        seen = [Measured(d.box, d.score) for d in detections if d.label == PERSON]
        unsettled = [one for one in seen if not self._confirm(one.box, at_s)]
        for one in unsettled:
            self._begin(image, one, None, at_s)
        if self._needs_body_finder(at_s):
            self._find_bodies(image, size, at_s)
        return detections

    def _find_bodies(self, image: Image, size: tuple[int, int], at_s: float) -> None:
        """Ask the body finder about each zone by itself: of a whole hall it sees the nearest person only.

        A seat is looked at closely first, and where that shows nobody, with some room for who stands there.
        """
        looked: set[Box] = set()
        for polygon in zoning.polygons_of(self.zones):
            staff = any(polygon == zone.staff for zone in self.zones)
            for room in (0.0, zoning.ROOM) if staff else (zoning.ROOM,):
                crop = zoning.covering_box([polygon], size, room)
                if crop in looked:
                    continue
                looked.add(crop)
                taken = [self._take_body(image, body, at_s) for body in self.pose.find(image, crop)]
                if any(taken):
                    break

    def _needs_body_finder(self, at_s: float) -> bool:
        """Bodies are searched where no detector is, nobody is seen, or the detector left somebody out."""
        unconfirmed = any(self._confirmed_s.get(track.id, at_s) < at_s for track in self.tracker.tracks)
        return self.detector is None or not self.tracker.tracks or unconfirmed

    def _confirm(self, box: Box, at_s: float) -> bool:
        """Whether the box belongs to somebody followed; if so, that somebody is confirmed."""
        best = max(self.tracker.tracks, key=lambda track: _sameness(track.box, box), default=None)
        if best is None or _sameness(best.box, box) < SAME_PERSON_COVERAGE:
            return False
        if self._confirmed_s.get(best.id) == at_s and iou(best.box, box) < DOUBLE_IOU:
            return False
        self._confirmed_s[best.id] = at_s
        if best.id not in self._regions:
            self.tracker.correct_one(best.id, Measured(box, best.score), at_s)
            self._regions[best.id] = region_by_shape(box)
        return True

    def _begin(self, image: Image, one: Measured, region: Region | None, at_s: float) -> None:
        """A new track, if the score is high enough or the pose is sure that somebody is there."""
        if one.score < BEGIN_SCORE:
            return
        estimate = self._first_estimate(image, one.box, region)
        presence = estimate.presence if estimate else 0.0
        if one.score < SURE_SCORE and presence < SURELY_PRESENT:
            return
        if estimate is not None and self._is_followed(estimate, at_s):
            return
        track_id = self.tracker.begin(one, at_s)
        self._confirmed_s[track_id] = at_s
        if estimate is not None:
            self._accept(track_id, estimate, at_s)

    def _is_followed(self, estimate: PoseEstimate, at_s: float) -> bool:
        """Whether a pose is of somebody followed already, who is then confirmed."""
        pose = Pose(estimate.keypoints)
        for number, known in self._poses.items():
            if same_body(Pose(known.keypoints), pose):
                self._confirmed_s[number] = at_s
                return True
        box = box_of_joints(estimate.keypoints)
        return box is not None and self._confirm(box, at_s)

    def _first_estimate(self, image: Image, box: Box, region: Region | None) -> PoseEstimate | None:
        """The joints of somebody new, from the most trusted place to look that shows somebody.

        A box tells too little of where the body lies in it (a clerk behind a counter shows no legs), and a
        region of the wrong size gives wrong arms with full confidence. So the body finder is asked about the
        box's surroundings first, and the box's shape only where it finds nobody.
        """
        height, width = image.shape[:2]
        around = grown(box, BODY_ROOM, (width, height))
        regions = [region] if region else [body.region for body in self.pose.find(image, around)[:2]]
        for guess in (*regions, region_by_shape(box)):
            estimate = self.pose.estimate(image, guess)
            if estimate and estimate.presence >= PRESENT and _fits(estimate, box):
                return estimate
        return None

    def _take_body(self, image: Image, body: FoundBody, at_s: float) -> bool:
        """Confirm or begin somebody by a found body; whether there was somebody."""
        estimate = self.pose.estimate(image, body.region)
        if estimate is None or estimate.presence < PRESENT:
            return False
        box = box_of_joints(estimate.keypoints) or _square(body.region)
        if self._confirm(box, at_s):
            return True
        sure = body.score >= SURE_BODY
        if not sure and (body.score < LIKELY_BODY or estimate.presence < LIKELY_PRESENCE):
            return False
        self._begin(image, Measured(box, body.score), body.region, at_s)
        return True

    def _forget(self, at_s: float, size: tuple[int, int]) -> None:
        """Drop ghosts (unconfirmed tracks), doubles (the younger of two on one body), and who has left."""
        ghosts = {
            track.id
            for track in self.tracker.tracks
            if at_s - self._confirmed_s.get(track.id, at_s) > UNCONFIRMED_S or _gone(track.box, size)
        }
        self.tracker.drop(ghosts | self._doubles())
        alive = {track.id for track in self.tracker.tracks}
        for remembered in (self._regions, self._poses, self._posed_s, self._confirmed_s):
            for track_id in set(remembered) - alive:
                del remembered[track_id]
        self.stillness.keep({SEARCH, *alive})
        self._sides.keep(alive, at_s)
        if self._floor_tracks is not None:
            self._floor_tracks.keep(alive)

    def _doubles(self) -> set[int]:
        tracks = sorted(self.tracker.tracks, key=lambda track: track.id)
        return {
            younger.id
            for index, younger in enumerate(tracks)
            for older in tracks[:index]
            if iou(older.box, younger.box) >= DOUBLE_IOU or self._same_body(older.id, younger.id)
        }

    def _same_body(self, one: int, other: int) -> bool:
        if one not in self._poses or other not in self._poses:
            return False
        return same_body(Pose(self._poses[one].keypoints), Pose(self._poses[other].keypoints))

    def _persons(self, size: tuple[int, int], at_s: float) -> tuple[Person, ...]:
        persons = []
        if self.ground is not None and self._floor_tracks is None:
            self._floor_tracks = FloorTracks(self.ground)
        for track in self.tracker.tracks:
            estimate = self._poses.get(track.id)
            pose = Pose(estimate.keypoints, estimate.world) if estimate else None
            person = Person(track.id, track.box, track.score, pose)
            stood = self._floor_tracks.take(person, at_s) if self._floor_tracks else None
            seen_at = self.ground.floor.to_pixels(stood.at) if self.ground and stood else None
            window, side = self._sides.take(person, size, at_s, seen_at)
            floor, error = (stood.at, stood.error_xy) if stood else (None, None)
            persons.append(Person(track.id, track.box, track.score, pose, window, side, floor, error))
        return tuple(persons)

    def _seen_things(
        self, image: Image, persons: tuple[Person, ...], detections: tuple[Detection, ...], at_s: float
    ) -> tuple[Thing, ...]:
        staff = [person for person in persons if person.zone is Side.STAFF]
        if self.close_look is not None:
            return self.close_look.take(image, staff, at_s)
        if self.detector is None:
            return ()
        closer = self.hands.search(image, staff, self.detector, at_s)
        if not detections and closer is None:
            return tuple(thing for thing in self._things if self.hands.fresh(at_s))
        return things_of((*detections, *(closer or ())), staff)


def _with_own_legs(poses: Mapping[int, PoseEstimate]) -> dict[int, PoseEstimate]:
    """The poses without the legs that are rather a neighbour's."""
    settled = dict(poses)
    for number, estimate in poses.items():
        lost = frozenset[str]().union(
            *(
                lost_joints(Pose(estimate.keypoints), Pose(other.keypoints))
                for other_number, other in poses.items()
                if other_number != number
            )
        )
        if lost:
            keypoints = estimate.keypoints.copy()
            keypoints[[JOINT[name] for name in lost], 2] = 0.0
            settled[number] = replace(estimate, keypoints=keypoints)
    return settled


def _silhouette(estimate: PoseEstimate) -> Silhouette:
    return Silhouette(Pose(estimate.keypoints, estimate.world))


def _sameness(one: Box, other: Box) -> float:
    """How surely two boxes show one person, 0..1: detectors and joints draw differently large boxes."""
    overlap = iou(one, other)
    within = max(coverage(one, other), coverage(other, one))
    return max(overlap, within if overlap > 0.25 else 0.0)


def _another_s(estimate: PoseEstimate, box: Box, others: Sequence[Box]) -> bool:
    """Whether a pose slid from the body in `box` to one beside it that is followed already."""
    found = box_of_joints(estimate.keypoints)
    if found is None or not others:
        return False
    nearest = max(_sameness(found, other) for other in others)
    return nearest >= SAME_PERSON_COVERAGE and nearest > _sameness(found, box) + SLID_MARGIN


def _fits(estimate: PoseEstimate, box: Box) -> bool:
    """Whether the joints that are seen lie in the box they are said to belong to."""
    joints_box = box_of_joints(estimate.keypoints)
    return joints_box is None or coverage(joints_box, box) >= SAME_PERSON_COVERAGE


def _gone(box: Box, size: tuple[int, int]) -> bool:
    x, y = centre(box)
    return not (0 <= x < size[0] and 0 <= y < size[1])


def _square(region: Region) -> Box:
    half = region.side / 2
    return region.cx - half, region.cy - half, region.cx + half, region.cy + half
