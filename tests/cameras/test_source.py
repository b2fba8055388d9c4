"""Sources are understood from text, and no password leaves them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cameras.errors import BadSource, Unreachable
from cameras.health import CameraState, Health
from cameras.reader import read, utc_now
from cameras.redaction import redact
from cameras.source import Kind, Source

CANARY = "c4n4ry-Passw0rd"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("rtsp://cam/1", Kind.RTSP),
        ("RTSPS://cam/1", Kind.RTSP),
        ("http://cam/mjpeg", Kind.HTTP),
        ("0", Kind.WEBCAM),
        ("hall/clip.gif", Kind.FILE),
        ("/a b/窗口.mp4", Kind.FILE),
    ],
)
def test_the_text_says_what_kind_of_source_it_is(text: str, kind: Kind) -> None:
    assert Source.parse(text).kind is kind


@pytest.mark.parametrize("text", ["", "  ", "ftp://host/x", "rtsp://", "concat:a|b\0"])
def test_a_text_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadSource):
        Source.parse(text)


def test_a_camera_is_read_over_tcp_and_may_open_no_other_protocol() -> None:
    options = Source.parse("rtsp://cam/1").options
    assert options["rtsp_transport"] == "tcp"
    assert "file" not in options["protocol_whitelist"]


@pytest.mark.parametrize(
    "address",
    [
        f"rtsp://admin:{CANARY}@127.0.0.1:1/s",
        f"rtsp://admin:p@{CANARY}@127.0.0.1:1/s",
        f"rtsp://admin:a/{CANARY}@127.0.0.1:1/s",
        f"rtsp://:{CANARY}@127.0.0.1:1/s",
        f"http://127.0.0.1:1/s?user=admin&password={CANARY}",
    ],
)
def test_a_canary_password_is_in_nothing_that_people_see(address: str) -> None:
    source = Source.parse(address)
    with pytest.raises(Unreachable) as caught:
        next(read(source))
    health = Health(CameraState.CONNECTING, utc_now()).to(CameraState.STALLED, utc_now(), f"bad {address}")
    for seen in (str(source), repr(source), str(caught.value), repr(caught.value), repr(health)):
        assert CANARY not in seen
    assert caught.value.__cause__ is None


@given(
    secret=st.text(st.characters(categories=["L", "N"]), min_size=4),
    host=st.sampled_from(["cam", "10.0.0.1"]),
)
def test_redaction_takes_any_password_and_leaves_the_host(secret: str, host: str) -> None:
    shown = redact(f"cannot open rtsp://u:§{secret}§@{host}/1 today")
    assert f"§{secret}§" not in shown
    assert shown.endswith(f"@{host}/1 today")


def test_redaction_leaves_ordinary_text_alone() -> None:
    assert redact("read /home/me/a@b.mp4 at 10:30") == "read /home/me/a@b.mp4 at 10:30"
