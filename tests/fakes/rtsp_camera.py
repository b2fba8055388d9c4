"""A real RTSP server (GStreamer's) that shows a film as a camera does: endlessly, at the speed of life."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.conftest import need
from tests.fakes.access_units import access_units, codec_of, write_units

SYSTEM_PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("gst_server.py")
_WANTED = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer;"
    "Gst.init(None); assert Gst.ElementFactory.find('h265parse') and Gst.ElementFactory.find('rtph265pay')"
)


@cache
def gstreamer_is_there() -> bool:
    """Whether the system's Python can serve RTSP."""
    try:
        return (
            subprocess.run([SYSTEM_PYTHON, "-c", _WANTED], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


class RtspCamera:
    """Serves `film` at `address` within a `with` block; `login` is (scheme, user, password)."""

    def __init__(self, film: Path, login: tuple[str, str, str] | None = None) -> None:
        need(
            gstreamer_is_there(), "GStreamer's RTSP server (gir1.2-gst-rtsp-server-1.0, plugins good and bad)"
        )
        self._film = film
        self._login = login
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return f"rtsp://127.0.0.1:{self.port}/cam"

    def start(self) -> None:
        """Serve, at the same port as before."""
        with tempfile.TemporaryDirectory() as folder:
            units = Path(folder) / "units"
            write_units(access_units(self._film), units)
            command = [SYSTEM_PYTHON, str(SERVER), str(self.port), codec_of(self._film), str(units)]
            self._process = subprocess.Popen(
                [*command, *(self._login or ())], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            assert self._process.stdout is not None
            said = self._process.stdout.readline().split()
        assert said[:1] == [b"ready"], "the RTSP server did not start"
        self.port = int(said[1])

    def kill(self) -> None:
        """As if its plug were pulled."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
