"""An ONVIF camera on loopback: its device and media services over HTTP, and its answer to a probe."""

import hashlib
import re
import socket
import threading
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    ' xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error">'
    "<s:Body>{body}</s:Body></s:Envelope>"
)
FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
    '</s:Code><s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason></s:Fault>'
)
MATCHES = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:ProbeMatches><d:ProbeMatch>'
    "<d:Types>dn:NetworkVideoTransmitter</d:Types>"
    "<d:Scopes>onvif://www.onvif.org/name/Front%20desk onvif://www.onvif.org/hardware/HW-1</d:Scopes>"
    "<d:XAddrs>{address}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
)
STREAMS = {"main": ("H264", 1920, 1080, 25), "sub": ("H264", 640, 360, 15), "tiny": ("H264", 320, 180, 10)}
OPEN = {"GetSystemDateAndTime"}
"""What every camera answers without a password."""


class OnvifCameraFake:
    """Serves at `host` within a `with` block.

    `login` is (user, password), `clock_ahead` how wrong its clock is, `rtsp` where its streams are said to
    be; `answer` replaces every answer by these bytes, and `silent` gives none.
    """

    def __init__(
        self,
        login: tuple[str, str] | None = None,
        *,
        clock_ahead: timedelta = timedelta(),
        rtsp: str = "rtsp://192.0.2.77:8554",
        streams: dict[str, tuple[str, int, int, int]] = STREAMS,
        answer: bytes | None = None,
        silent: bool = False,
    ) -> None:
        self.login, self.clock_ahead, self.rtsp, self.streams = login, clock_ahead, rtsp, streams
        self.asked: list[str] = []
        self._answer, self._silent = answer, silent
        self._stopped = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if fake._silent:
                    fake._stopped.wait(30)
                    return
                status, said = fake.told(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_told: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._probed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._probed.bind(("127.0.0.1", 0))
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,)),
            threading.Thread(target=self._answer_probes),
        ]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def probed_at(self) -> tuple[str, int]:
        """Where it listens for a discovery probe."""
        place: tuple[str, int] = self._probed.getsockname()
        return place

    def told(self, body: str) -> tuple[int, bytes]:
        """The status and body of the answer to a request."""
        if self._answer is not None:
            return 200, self._answer
        found = re.search(r"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)", body)
        asked = found[1] if found else ""
        self.asked.append(asked)
        if self.login and asked not in OPEN and not self._is_let_in(body):
            return 400, ENVELOPE.format(body=FAULT).encode()
        return 200, ENVELOPE.format(body=getattr(self, f"_{asked}")(body)).encode()

    def _is_let_in(self, body: str) -> bool:
        """WS-Security UsernameToken: digest = base64(sha1(nonce + created + password))."""
        assert self.login
        found = {
            name: re.search(rf"<(?:\w+:)?{name}(?: [^>]*)?>([^<]*)<", body)
            for name in ("Username", "Password", "Nonce", "Created")
        }
        if not all(found.values()):
            return False
        user, digest, nonce, created = (found[name][1] for name in found)  # type: ignore[index]
        made_at = datetime.fromisoformat(created.replace("Z", "+00:00"))
        if abs(made_at - self._now()) > timedelta(seconds=30):
            return False
        right = hashlib.sha1(b64decode(nonce) + created.encode() + self.login[1].encode()).digest()
        return user == self.login[0] and digest == b64encode(right).decode()

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def _GetSystemDateAndTime(self, _body: str) -> str:  # noqa: N802
        now = self._now()
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>"
            f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second></tt:Time>"
            f"<tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
            "</tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def _GetDeviceInformation(self, _body: str) -> str:  # noqa: N802
        return (
            "<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>Dome 2"
            "</tds:Model><tds:FirmwareVersion>1.2.3</tds:FirmwareVersion><tds:SerialNumber>7</tds:SerialNumber>"
            "<tds:HardwareId>HW-1</tds:HardwareId></tds:GetDeviceInformationResponse>"
        )

    def _GetServices(self, _body: str) -> str:  # noqa: N802
        services = (("device", "device_service"), ("media", "media_service"))
        return (
            "<tds:GetServicesResponse>"
            + "".join(
                f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{name}/wsdl</tds:Namespace>"
                f"<tds:XAddr>http://192.0.2.77/onvif/{path}</tds:XAddr>"
                "<tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version></tds:Service>"
                for name, path in services
            )
            + "</tds:GetServicesResponse>"
        )

    def _GetCapabilities(self, _body: str) -> str:  # noqa: N802
        return (
            "<tds:GetCapabilitiesResponse><tds:Capabilities>"
            "<tt:Device><tt:XAddr>http://192.0.2.77/onvif/device_service</tt:XAddr></tt:Device>"
            "<tt:Media><tt:XAddr>http://192.0.2.77/onvif/media_service</tt:XAddr></tt:Media>"
            "</tds:Capabilities></tds:GetCapabilitiesResponse>"
        )

    def _GetProfiles(self, _body: str) -> str:  # noqa: N802
        return (
            "<trt:GetProfilesResponse>"
            + "".join(map(self._profile, self.streams))
            + "</trt:GetProfilesResponse>"
        )

    def _profile(self, name: str) -> str:
        codec, width, height, fps = self.streams[name]
        return (
            f'<trt:Profiles token="{name}" fixed="true"><tt:Name>{name}</tt:Name>'
            f'<tt:VideoEncoderConfiguration token="e{name}"><tt:Name>e</tt:Name><tt:UseCount>1</tt:UseCount>'
            f"<tt:Encoding>{codec}</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width>"
            f"<tt:Height>{height}</tt:Height></tt:Resolution><tt:Quality>5</tt:Quality>"
            f"<tt:RateControl><tt:FrameRateLimit>{fps}</tt:FrameRateLimit>"
            "<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>2048</tt:BitrateLimit>"
            "</tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>"
        )

    def _GetStreamUri(self, body: str) -> str:  # noqa: N802
        found = re.search(r"ProfileToken>([^<]*)<", body)
        path = found[1] if found else ""
        return (
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{self.rtsp}/{path}</tt:Uri>"
            "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
            "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout>"
            "</trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def _answer_probes(self) -> None:
        while not self._stopped.is_set():
            asked, sender = self._probed.recvfrom(65536)
            if b"NetworkVideoTransmitter" in asked:
                address = f"http://{self.host}/onvif/device_service"
                self._probed.sendto(self._answer or MATCHES.format(address=address).encode(), sender)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wake:
            wake.sendto(b"", self.probed_at)
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()
        self._probed.close()
