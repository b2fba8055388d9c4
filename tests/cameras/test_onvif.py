"""ONVIF cameras: found, asked for their streams, and not believed more than they should be."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from cameras.discovery import discover, matches
from cameras.errors import BadSource, Stalled, Unreachable
from cameras.onvif import Login, OnvifCamera, Profile, advice, ask, with_login
from tests.fakes.onvif_camera import MATCHES, OnvifCameraFake

LOGIN = ("admin", "p@ss/w:rd")


def test_a_camera_tells_its_streams_make_and_clock() -> None:
    with OnvifCameraFake(LOGIN) as camera:
        told = ask(camera.host, Login(*LOGIN))
    assert (told.make, told.model, told.firmware) == ("Acme", "Dome 2", "1.2.3")
    assert told.main
    assert told.sub
    assert (told.main.width, told.main.height, told.main.codec, told.main.fps) == (1920, 1080, "h264", 25.0)
    assert told.sub.name == "sub", "the smallest that is wide enough"
    assert told.clock_ahead_s == pytest.approx(0, abs=1.1)
    assert told.main.address == "rtsp://127.0.0.1:8554/main", "at the host that was asked"


def test_a_clock_that_is_an_hour_off_is_measured_and_still_let_in() -> None:
    with OnvifCameraFake(LOGIN, clock_ahead=timedelta(hours=1)) as camera:
        told = ask(camera.host, Login(*LOGIN))
    assert told.clock_ahead_s == pytest.approx(3600, abs=1.6)
    assert any("NTP" in line for line in advice(told))


def test_a_wrong_password_is_said_without_repeating_it() -> None:
    with OnvifCameraFake(LOGIN) as camera, pytest.raises(Unreachable, match="refuses the user") as refused:
        ask(camera.host, Login("admin", "not-the-password"))
    assert "not-the-password" not in str(refused.value)


def test_a_camera_that_does_not_answer_costs_only_its_time() -> None:
    began = time.monotonic()
    with OnvifCameraFake(silent=True) as camera, pytest.raises(Stalled, match="within 1 s"):
        ask(camera.host, within_s=1.0)
    assert time.monotonic() - began < 10


def test_nobody_at_an_address_is_said_in_a_sentence() -> None:
    with pytest.raises(Unreachable, match="does not answer as an ONVIF camera"):
        ask("127.0.0.1:9")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "'
    + b"&a;" * 50
    + b'"><!ENTITY d "'
    + b"&c;" * 50
    + b'"><!ENTITY e "'
    + b"&d;" * 50
    + b'"><!ENTITY f "'
    + b"&e;" * 50
    + b'">]><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&f;</s:Body></s:Envelope>'
)


@pytest.mark.parametrize(
    "answer", [b"", b"\0\1\2", b"<html>hello</html>", b"<s:Envelope", BOMB, b"<a>" * 100_000]
)
def test_hostile_answers_are_refused_with_a_sentence(answer: bytes) -> None:
    with OnvifCameraFake(answer=answer) as camera, pytest.raises((Unreachable, Stalled)):
        ask(camera.host, within_s=5.0)
    assert matches(answer, "127.0.0.1") == []


@pytest.mark.parametrize("address", ["", "ftp://camera", "http://", "camera:notaport"])
def test_what_is_no_address_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(BadSource, match="no ONVIF address"):
        ask(address)


def test_a_probe_finds_the_cameras_that_answer() -> None:
    with OnvifCameraFake() as one, OnvifCameraFake() as other, OnvifCameraFake(answer=BOMB) as hostile:
        nobody = ("127.0.0.1", 9)
        found = discover(1.0, [one.probed_at, other.probed_at, hostile.probed_at, nobody])
    assert [(camera.name, camera.hardware) for camera in found] == [("Front desk", "HW-1")] * 2
    assert {camera.address for camera in found} == {
        f"http://{fake.host}/onvif/device_service" for fake in (one, other)
    }


def test_an_answer_that_names_somebody_elses_address_is_not_believed() -> None:
    assert (
        matches(MATCHES.format(address="http://192.0.2.1/onvif/device_service").encode(), "127.0.0.1") == []
    )
    assert matches(MATCHES.format(address="file:///etc/passwd").encode(), "127.0.0.1") == []


def test_which_stream_is_for_what() -> None:
    def stream(width: int, height: int) -> Profile:
        return Profile(str(width), str(width), "h264", width, height, 25.0, "rtsp://c/1")

    camera = OnvifCamera("", "", "", None, (stream(1920, 1080), stream(352, 288)))
    assert camera.sub is None, "too small to see hands"
    assert any("480" in line for line in advice(camera))
    assert replace(camera, profiles=()).main is None


def test_a_login_is_written_so_that_any_password_survives() -> None:
    address = with_login("rtsp://camera:554/main?a=1", Login(*LOGIN))
    assert address == "rtsp://admin:p%40ss%2Fw%3Ard@camera:554/main?a=1"
