"""A broker that comes and goes: every change arrives, and what is retained is how things stand."""

import gc
import getpass
import json
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from api.mqtt import telling
from api.mqtt.settings import MqttSettings
from api.mqtt.telling import BrokerAwayError, Teller
from api.services import Services
from api.settings import ApiSettings
from tests.api.certificates import self_signed
from tests.api.conftest import BOTH, Running, running
from tests.api.messages import decide, deliver, deliver_hall, event
from tests.browser.conftest import free_port
from tests.conftest import need

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
WITHIN_S = 15.0


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "never came true"
        time.sleep(0.01)


@dataclass
class Broker:
    """A mosquitto of this test's own, which can be killed and begun again."""

    folder: Path
    port: int = field(default_factory=free_port)
    certificate: tuple[Path, Path] | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous true", "persistence true"]
        lines += [f"persistence_location {self.folder}/", "autosave_on_changes true", "autosave_interval 1"]
        lines.append(f"user {getpass.getuser()}")  # or it becomes one that may not read here
        if self.certificate:
            lines += [f"certfile {self.certificate[0]}", f"keyfile {self.certificate[1]}"]
        configuration = self.folder / "mosquitto.conf"
        configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert MOSQUITTO is not None
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """At once, as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@dataclass
class Listener:
    """Hears everything; a retained message is kept as what stands."""

    broker: Broker
    came: list[tuple[str, str]] = field(default_factory=list)
    standing: dict[str, str] = field(default_factory=dict)
    connected: threading.Event = field(default_factory=threading.Event)
    client: mqtt.Client | None = None

    def start(self, ca: Path | None = None) -> None:
        """Connect, again and again until it is there."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"listener-{id(self)}")
        client.on_message = self._on_message
        client.on_subscribe = lambda *_: self.connected.set()
        client.on_connect = lambda one, *_: one.subscribe("#", qos=1)
        if ca is not None:
            client.tls_set(ca_certs=str(ca))

        def there() -> bool:
            try:
                client.connect("127.0.0.1", self.broker.port)
            except OSError:
                return False
            return True

        wait_for(there)
        client.loop_start()
        assert self.connected.wait(WITHIN_S)
        self.client = client

    def stop(self) -> None:
        if self.client is not None:
            self.client.disconnect()
            self.client.loop_stop()
        self.client = None
        self.connected.clear()

    def again(self) -> None:
        """A new connection, to a broker that was begun again."""
        self.stop()
        self.start()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        text = message.payload.decode()
        self.came.append((message.topic, text))
        self.standing[message.topic] = text

    def events(self) -> list[dict[str, Any]]:
        """The CloudEvents that came, in their order."""
        return [json.loads(text) for topic, text in self.came if "/event/" in topic]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    need(MOSQUITTO is not None, "mosquitto")
    folder = tmp_path / "broker"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    tmp_path.chmod(0o755)
    found = Broker(folder)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def settings(settings: ApiSettings, monkeypatch: pytest.MonkeyPatch) -> ApiSettings:
    """The service's own chore sleeps; tests tell."""
    monkeypatch.setattr(telling, "LOOK_EVERY_S", 1e6)
    monkeypatch.setattr(telling, "ACKNOWLEDGED_WITHIN_S", 0.5)
    return settings


@pytest.fixture
def api(settings: ApiSettings) -> Iterator[Running]:
    with running(settings) as found:
        deliver_hall(found.worker)
        yield found


@pytest.fixture
def parts(api: Running) -> Services:
    found: Services = api.anybody.app.state.services  # type: ignore[attr-defined]
    return found


@pytest.fixture
def listener(broker: Broker) -> Iterator[Listener]:
    found = Listener(broker)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def teller(parts: Services, broker: Broker) -> Iterator[Teller]:
    found = Teller(parts, MqttSettings("127.0.0.1", broker.port))
    wait_for(lambda: stepped(found))
    yield found
    found.close()


def stepped(teller: Teller) -> bool:
    """Whether a step went through."""
    try:
        teller.step()
    except BrokerAwayError:
        return False
    return True


@BOTH
def test_what_people_confirmed_is_told_and_how_things_stand_is_retained(
    api: Running, listener: Listener, teller: Teller, broker: Broker
) -> None:
    for number in (1, 2):
        deliver(api.worker, event(number))
    decide(api.signed_in(), 1)
    assert teller.step() == 3
    wait_for(listener.events)
    (told,) = listener.events()
    assert told["type"] == "hallwatch.event.confirmed"
    wait_for(lambda: listener.standing.get("hallwatch/hall/window/w1/waiting") == "1")
    later = Listener(broker)
    later.start()
    wait_for(lambda: len(later.standing) >= 6)
    later.stop()
    assert later.standing["hallwatch/hall/status"] == "online"
    assert later.standing["hallwatch/hall/window/w2/waiting"] == "0"
    assert json.loads(later.standing["hallwatch/hall/camera/cam1/state"])["state"] == "off"
    assert later.events() == [], "what happened is told once, not retained"


def test_home_assistant_finds_cameras_and_windows(listener: Listener, teller: Teller) -> None:
    topic = "homeassistant/binary_sensor/hallwatch_hall_camera_cam1/config"
    wait_for(lambda: topic in listener.standing)
    told = json.loads(listener.standing[topic])
    assert told["state_topic"] == "hallwatch/hall/camera/cam1/state"
    assert told["availability_topic"] == "hallwatch/hall/status"
    assert told["device_class"] == "connectivity"
    sensors = [topic for topic in listener.standing if topic.startswith("homeassistant/sensor/")]
    assert len(sensors) == 2


def test_a_window_that_left_the_hall_leaves_no_topic(
    api: Running, listener: Listener, teller: Teller
) -> None:
    topic = "hallwatch/hall/window/w2/waiting"
    wait_for(lambda: listener.standing.get(topic) == "0")
    deliver_hall(api.worker, windows=[{"id": "w1", "name": "1号窗口", "name_en": "Window 1"}])
    teller.step()
    wait_for(lambda: listener.standing.get(topic) == "")


def test_the_last_will_says_that_the_service_died(listener: Listener, teller: Teller) -> None:
    wait_for(lambda: listener.standing.get("hallwatch/hall/status") == "online")
    client = teller._client
    assert client is not None
    client.loop_stop()
    socket = client.socket()
    assert socket is not None
    socket.close()
    wait_for(lambda: listener.standing.get("hallwatch/hall/status") == "offline")


def test_a_broker_killed_twenty_times_loses_no_message(
    api: Running, broker: Broker, listener: Listener, teller: Teller
) -> None:
    person, draw = api.signed_in(), random.Random(20)
    numbers = iter(range(1, 1000))
    told: list[str] = []
    for _ in range(20):
        for number in (next(numbers), next(numbers), next(numbers)):
            deliver(api.worker, event(number))
            told.append(decide(person, number)["id"])
        cut = threading.Timer(draw.uniform(0, 0.03), broker.kill)
        cut.start()
        stepped(teller)
        cut.join()
        for number in (next(numbers), next(numbers)):
            deliver(api.worker, event(number))
            told.append(decide(person, number)["id"])
        assert not stepped(teller)
        broker.start()
        listener.again()
        wait_for(lambda: stepped(teller))
    wait_for(lambda: {one["subject"] for one in listener.events()} >= set(told))
    ids = [one["id"] for one in listener.events()]
    assert len(set(ids)) == len(told) == 100
    first = list(dict.fromkeys(one["subject"] for one in listener.events()))
    assert first == told, "in the order in which they happened"
    assert listener.standing["hallwatch/hall/status"] == "online"
    assert listener.standing["hallwatch/hall/window/w1/waiting"] == "0"


# The MQTT library leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_certificate_is_checked_and_an_own_authority_may_vouch(parts: Services, tmp_path: Path) -> None:
    need(MOSQUITTO is not None, "mosquitto")
    folder = tmp_path / "tls"
    folder.mkdir()
    folder.chmod(0o777)
    tmp_path.chmod(0o755)
    certificate = self_signed(folder)
    certificate[1].chmod(0o644)
    broker = Broker(folder, certificate=certificate)
    broker.start()
    try:
        listener = Listener(broker)
        listener.start(certificate[0])
        settings = MqttSettings("127.0.0.1", broker.port, tls=True)
        doubting = Teller(parts, settings)
        with pytest.raises(BrokerAwayError, match=r"(?i)certificate"):
            doubting.step()
        gc.collect()
        trusting = Teller(parts, replace(settings, ca=certificate[0]))
        trusting.step()
        wait_for(lambda: listener.standing.get("hallwatch/hall/status") == "online")
        trusting.close()
        wait_for(lambda: listener.standing.get("hallwatch/hall/status") == "offline")
        listener.stop()
    finally:
        broker.kill()
