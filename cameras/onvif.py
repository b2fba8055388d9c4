"""What an ONVIF camera says of itself: make, clock, and the addresses of its streams.

ONVIF Core and Media specifications (Profile S): GetDeviceInformation, GetSystemDateAndTime, GetProfiles,
GetStreamUri. `onvif-zeep-async` speaks them, with the digest of the camera's own time.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from cameras.errors import BadSource, CameraError, Stalled, Unreachable
from cameras.redaction import redact

ANSWER_WITHIN_S = 20.0
LEAST_WIDTH = 480
"""A narrower picture shows too little of a hand."""

MOST_PROFILES = 32
PATH = "/onvif/device_service"


@dataclass(frozen=True)
class Login:
    """Who looks; shown nowhere."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Profile:
    """One stream of a camera; `address` is without a password, `codec` as `h264` or `h265`."""

    token: str
    name: str
    codec: str
    width: int
    height: int
    fps: float | None
    address: str

    @property
    def area(self) -> int:
        """Pixels of a picture."""
        return self.width * self.height


@dataclass(frozen=True)
class OnvifCamera:
    """What one camera told; `clock_ahead_s` is how far its clock is before ours, None where it tells none."""

    make: str
    model: str
    firmware: str
    clock_ahead_s: float | None
    profiles: tuple[Profile, ...]

    @property
    def main(self) -> Profile | None:
        """The stream with the most pixels: for evidence."""
        return max(self.profiles, key=lambda one: one.area, default=None)

    @property
    def sub(self) -> Profile | None:
        """The smallest stream that still shows enough, for analysis; None where only the main one does."""
        enough = [one for one in self.profiles if one.width >= LEAST_WIDTH]
        smallest = min(enough, key=lambda one: one.area, default=None)
        return None if smallest is None or smallest.area >= self._most() else smallest

    def _most(self) -> int:
        return self.main.area if self.main else 0


def ask(address: str, login: Login | None = None, within_s: float = ANSWER_WITHIN_S) -> OnvifCamera:
    """Ask the camera at `address` (a host, host:port, or http://host/onvif/device_service).

    Raises `BadSource` for an address that is none, `Unreachable` where nobody answers or the password is
    refused, and `Stalled` where it does not answer in time; no sentence holds a password.
    """
    host, port = _place(address)
    try:
        # A loop and a thread of its own: whoever asks may stand in a running loop, where no other can be run.
        with ThreadPoolExecutor(1, "onvif") as thread:
            return thread.submit(lambda: asyncio.run(_asked_within(within_s, host, port, login))).result()
    except TimeoutError:
        raise Stalled(f"{host}:{port} does not answer as an ONVIF camera within {within_s:g} s.") from None
    except CameraError:
        raise
    except Exception as error:  # noqa: BLE001  the library's, zeep's, aiohttp's: each says it in its own way
        raise _translated(f"{host}:{port}", error) from None


def _place(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        if parts.scheme not in {"http", "https", "onvif"} or not parts.hostname:
            raise ValueError
        return parts.hostname, parts.port or 80
    except ValueError:
        raise BadSource(
            f"{redact(address)} is no ONVIF address: write the camera's host, as in 192.0.2.10:8000."
        ) from None


def _translated(place: str, error: Exception) -> CameraError:
    said = redact(str(error))
    if any(word in said.lower() for word in ("not authorized", "notauthorized", "401", "unauthorized")):
        return Unreachable(f"{place} refuses the user or password: check both in the camera's ONVIF users.")
    return Unreachable(f"{place} does not answer as an ONVIF camera: {said[:200] or type(error).__name__}.")


async def _asked_within(within_s: float, host: str, port: int, login: Login | None) -> OnvifCamera:
    return await asyncio.wait_for(_asked(host, port, login), within_s)


async def _asked(host: str, port: int, login: Login | None) -> OnvifCamera:
    from onvif import ONVIFCamera  # a tenth of a second to load; only who asks pays it

    user, password = (login.user, login.password) if login else (None, None)
    # An answer that names another host is not followed: services are asked where the camera was found.
    camera = ONVIFCamera(host, port, user, password, adjust_time=True, nat_override=True)
    try:
        await camera.update_xaddrs()
        device = await camera.create_devicemgmt_service()
        ahead_s = await _clock_ahead_s(device.GetSystemDateAndTime())
        told = await device.GetDeviceInformation()
        media = await camera.create_media_service()
        profiles = (await media.GetProfiles())[:MOST_PROFILES]
        streams = [await _stream(media, profile, host) for profile in profiles]
    finally:
        await camera.close()
    return OnvifCamera(
        _text(told.Manufacturer),
        _text(told.Model),
        _text(told.FirmwareVersion),
        ahead_s,
        tuple(stream for stream in streams if stream),
    )


async def _clock_ahead_s(asking: Awaitable[Any]) -> float | None:
    before = datetime.now(UTC)
    told = (await asking).UTCDateTime
    after = datetime.now(UTC)
    if told is None:
        return None
    day, clock = told.Date, told.Time
    # A camera's 24:00:60 is no time that Python knows; such a clock is as good as none.
    try:
        at = datetime(day.Year, day.Month, day.Day, clock.Hour, clock.Minute, clock.Second, tzinfo=UTC)
        at += timedelta(seconds=0.5)  # told in whole seconds, cut off
    except (TypeError, ValueError):
        return None
    return round((at - (before + (after - before) / 2)).total_seconds(), 1)


async def _stream(media: Any, profile: Any, host: str) -> Profile | None:
    """A profile's stream; None where it has no video."""
    encoder = profile.VideoEncoderConfiguration
    if encoder is None or encoder.Resolution is None:
        return None
    wanted = {"StreamSetup": {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}}
    answer = await media.GetStreamUri(wanted | {"ProfileToken": profile.token})
    rate = getattr(encoder.RateControl, "FrameRateLimit", None) if encoder.RateControl else None
    return Profile(
        token=_text(profile.token),
        name=_text(profile.Name),
        codec=_text(encoder.Encoding).lower().replace("hevc", "h265"),
        width=int(encoder.Resolution.Width),
        height=int(encoder.Resolution.Height),
        fps=float(rate) if rate else None,
        address=_at_host(_text(answer.Uri), host),
    )


def _at_host(address: str, host: str) -> str:
    """A stream's address at the host that was asked: cameras behind NAT name one that cannot be reached."""
    parts = urlsplit(address)
    place = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))


def with_login(address: str, login: Login | None) -> str:
    """The address with user and password in it, as a site file names a camera."""
    if login is None:
        return address
    parts = urlsplit(address)
    userinfo = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}"
    return urlunsplit((parts.scheme, f"{userinfo}@{parts.netloc}", parts.path, parts.query, ""))


def advice(camera: OnvifCamera) -> Sequence[str]:
    """What somebody should know before using it, in both languages."""
    said = []
    if camera.clock_ahead_s is not None and abs(camera.clock_ahead_s) > 2:
        said.append(
            f"摄像机时钟相差 {camera.clock_ahead_s:+.0f} 秒,请为它设置 NTP。 "
            f"Its clock is {camera.clock_ahead_s:+.0f} s off ours: set NTP in the camera."
        )
    if camera.main and camera.main.codec == "h265":
        said.append(
            "主码流为 H.265,部分浏览器无法播放原始录像,审核副本不受影响。 "
            "The main stream is H.265: some browsers cannot play originals; review copies play everywhere."
        )
    if camera.sub is None:
        said.append(
            "没有合适的子码流(宽 ≥ 480),将用主码流分析。 "
            "It offers no sub-stream at least 480 wide: the main one is analysed, at more cost."
        )
    return said


def _text(told: Any) -> str:
    """What a camera says of itself, fit to be shown."""
    return "".join(letter for letter in str(told or "") if letter.isprintable())[:300]
