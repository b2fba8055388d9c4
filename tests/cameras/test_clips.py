"""Clips hold what the camera sent around a deed, and survive a kill and a full disk."""

import errno
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from cameras.clips import Clip, ClipState, ClipWriter, poster, sweep
from cameras.errors import ClipFailed
from cameras.reader import read
from cameras.review_copy import transcode_for_browser
from cameras.ring import PacketRing
from cameras.source import Source
from cameras.write_video import VideoWriter
from tests.cameras.conftest import MakeVideo, square_at

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def cut(video: Path, out: Path, *, flag_s: float, before_s: float = 1.0, after_s: float = 1.0) -> Clip:
    """The clip that a worker would cut around `flag_s`."""
    ring, writer, clip = PacketRing(), None, None
    for picture in read(Source.parse(str(video)), ring=ring, starts_at=NOON):
        if writer is None and picture.at_s >= flag_s:
            writer = ClipWriter(
                ring,
                out,
                begin=NOON + timedelta(seconds=flag_s - before_s),
                end=NOON + timedelta(seconds=flag_s + after_s),
            )
        if writer is not None and clip is None:
            clip = writer.advance()
    assert writer is not None
    return clip or writer.finish()


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


@pytest.mark.parametrize(
    ("codec", "name", "played"),
    [
        ("h264", "a.mp4", "h264"),
        ("h264", "a.ts", "h264"),
        ("hevc", "a.mp4", "hevc"),
        ("mpeg4", "a.mp4", "h264"),
        ("mjpeg", "a.mp4", "h264"),
    ],
)
def test_a_clip_holds_what_was_seen(
    make_video: MakeVideo, tmp_path: Path, codec: str, name: str, played: str
) -> None:
    video = make_video(name, seconds=8, codec=codec)
    clip = cut(video, tmp_path / "clip.mp4", flag_s=4.0)
    frames = decoded(clip.path)
    with av.open(str(clip.path)) as container:
        assert container.streams.video[0].codec_context.name == played
    first = round((clip.starts_at - NOON).total_seconds() * 25)
    assert first / 25 <= 3.0, "it begins at the key frame at or before the beginning asked for"
    assert first / 25 + clip.duration_s == pytest.approx(5.0, abs=0.2)
    for index in (0, len(frames) // 2):
        truth = square_at(first + index)
        assert np.abs(frames[index].to_ndarray(format="bgr24").astype(int) - truth).mean() < 8


def test_a_clip_is_not_transcoded(make_video: MakeVideo, tmp_path: Path) -> None:
    video = make_video("a.ts", seconds=6)
    clip = cut(video, tmp_path / "clip.mp4", flag_s=3.0)
    with av.open(str(clip.path)) as cut_out, av.open(str(video)) as whole:
        ours = [frame.to_ndarray(format="gray") for frame in cut_out.decode(video=0)]
        theirs = [frame.to_ndarray(format="gray") for frame in whole.decode(video=0)]
    first = round((clip.starts_at - NOON).total_seconds() * 25)
    assert all(np.array_equal(a, b) for a, b in zip(ours[:40], theirs[first : first + 40], strict=True))


def test_a_clip_says_what_it_is(make_video: MakeVideo, tmp_path: Path) -> None:
    clip = cut(make_video(seconds=6), tmp_path / "clip.mp4", flag_s=3.0)
    data = clip.path.read_bytes()
    assert clip.state is ClipState.READY
    assert clip.size == len(data)
    assert clip.sha256 == hashlib.sha256(data).hexdigest()
    assert data.index(b"moov") < data.index(b"mdat"), "it plays before it is loaded whole"
    assert poster(clip)[:2] == b"\xff\xd8"
    assert [path.name for path in tmp_path.glob("clip*")] == ["clip.mp4"]


def test_the_pre_roll_is_on_disk_at_the_moment_of_the_flag(make_video: MakeVideo, tmp_path: Path) -> None:
    ring = PacketRing()
    for _ in read(Source.parse(str(make_video(seconds=6))), ring=ring, starts_at=NOON):
        pass
    writer = ClipWriter(ring, tmp_path / "c.mp4", begin=NOON, end=NOON + timedelta(seconds=60))
    assert len(decoded(tmp_path / "c.mp4.part")) > 100
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_a_clip_across_the_end_of_a_looping_file_runs_on(make_video: MakeVideo, tmp_path: Path) -> None:
    ring, writer, clip = PacketRing(), None, None
    source = Source.parse(str(make_video(seconds=3)))
    for picture in read(source, ring=ring, pace="live", loop=True, now=lambda: NOON, sleep=lambda _: None):
        if picture.at_s >= 4 and writer is None:
            end = NOON + timedelta(seconds=8)
            writer = ClipWriter(ring, tmp_path / "c.mp4", begin=NOON + timedelta(seconds=1), end=end)
        if writer is not None and (clip := writer.advance()) is not None:
            break
    assert clip is not None
    times = [frame.time for frame in decoded(clip.path)]
    assert times == sorted(times)
    assert clip.duration_s == pytest.approx(7.0, abs=0.3)


def test_a_reconnected_camera_ends_the_clip_as_partial(make_video: MakeVideo, tmp_path: Path) -> None:
    ring, source = PacketRing(), Source.parse(str(make_video()))
    list(read(source, ring=ring, starts_at=NOON))
    writer = ClipWriter(ring, tmp_path / "c.mp4", begin=NOON, end=NOON + timedelta(seconds=60))
    assert writer.advance() is None
    list(read(source, ring=ring, starts_at=NOON))
    clip = writer.advance()
    assert clip is not None
    assert clip.state is ClipState.PARTIAL
    assert decoded(clip.path)


def test_a_gif_becomes_a_clip_that_browsers_play(shared: Path, tmp_path: Path) -> None:
    clip = cut(shared / "video" / "classroom.gif", tmp_path / "c.mp4", flag_s=1.0)
    with av.open(str(clip.path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
    assert clip.duration_s == pytest.approx(2.0, abs=0.2)


def test_a_review_copy_plays_everywhere(make_video: MakeVideo, tmp_path: Path) -> None:
    transcode_for_browser(make_video(codec="hevc"), tmp_path / "copy.mp4")
    frames = decoded(tmp_path / "copy.mp4")
    assert len(frames) == 40
    assert frames[0].format.name == "yuv420p"


def test_a_camera_that_sent_nothing_gives_no_clip(tmp_path: Path) -> None:
    with pytest.raises(ClipFailed) as caught:
        ClipWriter(PacketRing(), tmp_path / "c.mp4", begin=NOON, end=NOON)
    assert caught.value.reason == "no_packets"


def test_a_folder_that_is_gone_is_said_in_words(make_video: MakeVideo, tmp_path: Path) -> None:
    with pytest.raises(ClipFailed) as caught:
        cut(make_video(), tmp_path / "gone" / "c.mp4", flag_s=2.0)
    assert caught.value.reason == "not_writable"


class FullDisk:
    """Refuses every write after the first `room` bytes; a stand-in for the part's file."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("room", [0, 100, 2_000, 6_000, 9_000])
def test_a_full_disk_costs_the_clip_and_nothing_else(
    make_video: MakeVideo, tmp_path: Path, room: int
) -> None:
    ring, reasons, seen = PacketRing(), [], 0
    writer: ClipWriter | None = None
    folder = tmp_path / "clips"
    folder.mkdir()
    for picture in read(Source.parse(str(make_video(seconds=8))), ring=ring, starts_at=NOON):
        seen += 1
        try:
            if picture.sequence == 10:
                end = NOON + timedelta(seconds=7)
                writer = ClipWriter(
                    ring, folder / "c.mp4", begin=NOON, end=end, part_file=lambda path: FullDisk(room)
                )
            if writer is not None:
                writer.advance()
        except ClipFailed as failure:
            reasons.append(failure.reason)
            writer = None
    assert reasons == ["disk_full"]
    assert seen == 40
    assert list(folder.iterdir()) == []


def write_noise(path: Path) -> None:
    """Pictures that no encoder makes small."""
    chance = np.random.default_rng(1)
    with VideoWriter(path, 25, (320, 192)) as writer:
        for _ in range(60):
            writer.write(chance.integers(0, 255, (192, 320, 3), dtype=np.uint8))


def test_a_full_disk_stops_a_video_with_one_sentence(tmp_path: Path) -> None:
    target = tmp_path / "full.mp4"
    target.symlink_to("/dev/full")
    with pytest.raises(ClipFailed, match="disk is full"):
        write_noise(target)


def killed_after(seconds: float, video: Path, folder: Path, begun: int = 1) -> None:
    """Kill a writer of clips so long after it has begun that many of them."""
    child = Path(__file__).with_name("write_clip_until_killed.py")
    root = child.parent.parent.parent
    process = subprocess.Popen(
        [sys.executable, str(child), str(video), str(folder)], cwd=root, env=_env(root)
    )
    deadline = time.monotonic() + 30
    while len(list(folder.iterdir())) < begun and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def _env(root: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root)}


@pytest.mark.parametrize("turn", range(6))
def test_a_kill_at_any_moment_leaves_only_playable_clips(
    make_video: MakeVideo, tmp_path: Path, turn: int
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    begun = 1 + turn % 2
    killed_after(random.Random(turn).uniform(0, 0.4), make_video(seconds=6), folder, begun)
    rescued = sweep(folder)
    files = sorted(folder.iterdir())
    assert len(files) >= begun - 1  # one in which nothing was written yet is swept away
    assert all(path.suffix == ".mp4" for path in files)
    for path in files:
        assert decoded(path)
    for clip in rescued:
        assert clip.state is ClipState.PARTIAL
        assert abs(clip.starts_at - datetime.now(UTC)) < timedelta(days=1)
    assert sweep(folder) == []


def test_a_part_with_nothing_in_it_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a.mp4.part").write_bytes(b"")
    (tmp_path / "b.mp4.part").write_bytes(b"\0" * 500)
    (tmp_path / "c.mp4.whole").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("kept")
    assert sweep(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
