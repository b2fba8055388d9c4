"""Cameras as they are met: a real RTSP server, with passwords, by TCP and UDP, in H.264 and H.265."""

import contextlib
import itertools
from urllib.parse import quote

import pytest

from cameras.errors import Unreachable
from cameras.probe import probe
from cameras.reader import Picture, read
from cameras.ring import PacketRing
from cameras.source import Source
from tests.cameras.conftest import MakeVideo
from tests.conftest import REPOSITORY
from tests.fakes.rtsp_camera import RtspCamera

PASSWORD = "a:p@ss/w0rd#%?"


def some(source: Source, count: int, **more: object) -> list[Picture]:
    return list(itertools.islice(read(source, **more), count))  # type: ignore[arg-type]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_camera_is_read_by_both_transports_in_both_codecs(
    make_video: MakeVideo, codec: str, transport: str
) -> None:
    ring = PacketRing()
    with RtspCamera(make_video(codec=codec)) as camera:
        seen = some(Source.parse(camera.address, transport), 10, ring=ring)
    assert [round(p.at_s - seen[0].at_s, 1) for p in seen] == [round(n / 5, 1) for n in range(10)]
    assert seen[0].image.shape == (120, 160, 3)
    assert ring.parameters is not None
    assert ring.parameters.codec == codec
    assert len(ring) >= 45


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_password_with_signs_of_addresses_in_it_opens_the_camera(
    make_video: MakeVideo, scheme: str
) -> None:
    with RtspCamera(make_video(), (scheme, "admin", PASSWORD)) as camera:
        address = camera.address.replace("rtsp://", f"rtsp://admin:{quote(PASSWORD, safe='')}@")
        assert len(some(Source.parse(address), 2)) == 2


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_wrong_password_is_refused_and_not_repeated_to_anybody(make_video: MakeVideo, scheme: str) -> None:
    with RtspCamera(make_video(), (scheme, "admin", PASSWORD)) as camera:
        source = Source.parse(camera.address.replace("rtsp://", "rtsp://admin:c4n4ry@"))
        with pytest.raises(Unreachable, match="user name and password") as caught:
            some(source, 1)
    assert "c4n4ry" not in str(caught.value)


def test_a_rendered_clip_is_seen_as_the_hall_would_send_it() -> None:
    with RtspCamera(REPOSITORY / "datasets" / "clips" / "ordinary_work.mp4") as camera:
        source = Source.parse(camera.address)
        seen = some(source, 8)
        told = probe(source)
    assert seen[-1].image.shape == (360, 640, 3)
    assert (told.codec, told.width, told.height, told.duration_s) == ("h264", 640, 360, None)
    assert told.fps == pytest.approx(10, rel=0.1)


def test_a_camera_whose_plug_is_pulled_ends_or_says_so(make_video: MakeVideo) -> None:
    camera = RtspCamera(make_video())
    camera.start()
    reading = read(Source.parse(camera.address))
    assert next(reading).sequence == 0
    camera.kill()
    left = 0
    with contextlib.suppress(Unreachable):
        left = sum(1 for _ in reading)
    assert left < 10
