"""GStreamer's RTSP server as a camera that never ends. Run by the system's Python, which has `gi`.

    python3 gst_server.py PORT CODEC UNITS [basic|digest USER PASSWORD]

Serves /cam on loopback, says `ready PORT` on standard output, and ends with its standard input.
"""

import itertools
import sys
import threading
import time
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

LAUNCH = {
    "h264": "( appsrc name=film is-live=true format=time caps=video/x-h264,stream-format=byte-stream,"
    "alignment=au ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )",
    "hevc": "( appsrc name=film is-live=true format=time caps=video/x-h265,stream-format=byte-stream,"
    "alignment=au ! h265parse ! rtph265pay name=pay0 pt=96 config-interval=-1 )",
}
BEFOREHAND_S = 0.2


def read_units(path):
    """[(sent_s, shown_s, bytes)] of a file written by `write_units`."""
    units = []
    with Path(path).open("rb") as stream:
        while line := stream.readline():
            sent_s, shown_s, size = line.split()
            units.append((float(sent_s), float(shown_s), stream.read(int(size))))
    return units


class Endless:
    """Pushes the film into one viewer's stream, again and again, at the speed of life."""

    def __init__(self, units, source):
        self.units = units
        self.source = source
        steps = [later[0] - sooner[0] for sooner, later in itertools.pairwise(units)]
        self.step_s = min(steps)
        self.length_s = units[-1][0] + self.step_s
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        began_s = time.monotonic() - BEFOREHAND_S
        turn_s = 0.0
        while True:
            for sent_s, shown_s, data in self.units:
                early_s = began_s + turn_s + sent_s - time.monotonic()
                if early_s > 0:
                    time.sleep(early_s)
                buffer = Gst.Buffer.new_wrapped(data)
                buffer.dts = int((turn_s + sent_s) * Gst.SECOND)
                buffer.pts = int((turn_s + shown_s) * Gst.SECOND)
                buffer.duration = int(self.step_s * Gst.SECOND)
                if self.source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                    return
            turn_s += self.length_s


class Film(GstRtspServer.RTSPMediaFactory):
    """Makes a stream of its own for each viewer."""

    def __init__(self, codec, units):
        super().__init__()
        self.set_launch(LAUNCH[codec])
        self.units = units
        self.connect("media-configure", self.configured)

    def configured(self, _factory, media):
        Endless(self.units, media.get_element().get_by_name("film"))


def with_password(server, factory, scheme, user, password):
    """Ask viewers for a password by this scheme."""
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if scheme == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main(port, codec, units, *password):
    """Serve until standard input ends."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = Film(codec, read_units(units))
    if password:
        with_password(server, factory, *password)
    server.get_mount_points().add_factory("/cam", factory)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    sys.stdout.write(f"ready {server.get_bound_port()}\n")
    sys.stdout.flush()
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
