"""Topics and what they carry: values from the database, no connection.

`PREFIX/HALL/status` is `online` or, by the broker's last will, `offline`. `…/event/TYPE` carries each change
of an event as a CloudEvent. `…/camera/ID/state` and `…/window/ID/waiting` are retained: whoever comes later
learns at once how things stand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.hall import present_cameras, present_windows
from api.mqtt.settings import MqttSettings
from api.tables import EventRow, HallRow

ONLINE, OFFLINE = "online", "offline"
LIVE = "live"


@dataclass(frozen=True, slots=True)
class Root:
    """Where all topics of a hall begin."""

    prefix: str
    hall: str

    @property
    def status(self) -> str:
        """Whether the service is there."""
        return f"{self.prefix}/{self.hall}/status"

    def event(self, type_: str) -> str:
        """A type of change, such as `event.confirmed`."""
        return f"{self.prefix}/{self.hall}/{type_.replace('.', '/')}"

    def camera(self, id_: str) -> str:
        """How a camera is."""
        return f"{self.prefix}/{self.hall}/camera/{safe(id_)}/state"

    def window(self, id_: str) -> str:
        """How many events of a window wait for a verdict."""
        return f"{self.prefix}/{self.hall}/window/{safe(id_)}/waiting"


def safe(id_: str) -> str:
    """An id as one level of a topic: `/`, `+` and `#` mean something there."""
    return "".join("_" if letter in "/+#\0" else letter for letter in id_)


def standing(session: Session, root: Root) -> Mapping[str, str]:
    """Every retained topic and what it carries now."""
    found: dict[str, str] = {}
    for camera in present_cameras(session):
        told = {"state": camera.state, "name": camera.name, "detail": camera.detail}
        found[root.camera(camera.id)] = json.dumps(told, ensure_ascii=False)
    waiting = dict(
        session.execute(
            select(EventRow.window_id, func.count())
            .where(EventRow.state == "pending")
            .group_by(EventRow.window_id)
        ).all()
    )
    for window in present_windows(session):
        found[root.window(window.id)] = str(waiting.get(window.id, 0))
    return found


def discovery(session: Session, root: Root, settings: MqttSettings) -> Mapping[str, str]:
    """What Home Assistant makes its entities of (MQTT discovery): cameras' connection, windows' waiting."""
    hall = session.scalars(select(HallRow)).first()
    if settings.discovery is None or hall is None:
        return {}
    device = {"identifiers": [f"hallwatch_{hall.id}"], "name": hall.name, "manufacturer": "hallwatch"}
    common: dict[str, Any] = {"availability_topic": root.status, "device": device}
    found: dict[str, str] = {}
    for camera in present_cameras(session):
        unique = f"hallwatch_{safe(hall.id)}_camera_{safe(camera.id)}"
        told = common | {
            "name": camera.name,
            "unique_id": unique,
            "state_topic": root.camera(camera.id),
            "value_template": "{{ 'ON' if value_json.state == 'live' else 'OFF' }}",
            "device_class": "connectivity",
        }
        found[f"{settings.discovery}/binary_sensor/{unique}/config"] = json.dumps(told, ensure_ascii=False)
    for window in present_windows(session):
        unique = f"hallwatch_{safe(hall.id)}_window_{safe(window.id)}"
        told = common | {"name": window.name, "unique_id": unique, "state_topic": root.window(window.id)}
        told |= {"state_class": "measurement", "icon": "mdi:clipboard-text-clock"}
        found[f"{settings.discovery}/sensor/{unique}/config"] = json.dumps(told, ensure_ascii=False)
    return found
