"""Delivery: at least once, in order, for as long as it takes; a message nobody can take holds no other."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallwatch.delivery import (
    NOT_YET,
    ClipParcel,
    Delivery,
    DeliveryError,
    EventParcel,
    HallParcel,
    LedgerParcel,
    NotYetError,
    Parcel,
    RefusedError,
    SinkUnreachableError,
    SkeletonParcel,
    StatusParcel,
)
from hallwatch.fake_sink import FakeSink
from hallwatch.spool import Changes, Spool
from hallwatch.wire import CameraStatus, SkeletonMessage
from tests.hallwatch.messages import NOW, clip, event, hour


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with Spool(tmp_path / "spool", now=NOW) as opened:
        yield opened


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def delivery(spool: Spool, sink: FakeSink, clock: Clock | None = None) -> Delivery:
    return Delivery(spool, sink, clock=clock or Clock(), jitter=lambda: 1.0)


def full_spool(spool: Spool, folder: Path) -> None:
    skeleton = SkeletonMessage(event(1).event.id, {"format": 1})
    status = CameraStatus("1", "live", NOW)
    hall = {"id": "hall"}
    spool.commit(Changes([event(1), event(2)], [clip(folder)], [skeleton], [status], [hour()], hall=hall))


def test_the_hall_goes_first_and_a_clip_after_its_event(spool: Spool, tmp_path: Path) -> None:
    sink = FakeSink()
    full_spool(spool, tmp_path)
    assert delivery(spool, sink).drain() == 7
    kinds = [type(parcel) for parcel in sink.parcels]
    assert kinds == [HallParcel, EventParcel, LedgerParcel, StatusParcel, SkeletonParcel, ClipParcel]
    assert spool.counts().waiting == 0


def test_a_delivered_clips_file_is_removed(spool: Spool, tmp_path: Path) -> None:
    full_spool(spool, tmp_path)
    delivery(spool, FakeSink()).drain()
    assert not (tmp_path / "1.mp4").exists()


def test_events_travel_in_parcels_of_at_most_200(spool: Spool) -> None:
    sink = FakeSink()
    spool.commit(Changes(events=[event(number) for number in range(450)]))
    delivery(spool, sink).drain()
    sizes = [len(parcel.events) for parcel in sink.parcels if isinstance(parcel, EventParcel)]
    assert sizes == [200, 200, 50]
    assert len(set(sink.events)) == 450


class OnePoisonous(FakeSink):
    """Refuses whatever holds the event with a given number."""

    def __init__(self, number: int, error: DeliveryError) -> None:
        super().__init__()
        self._id, self._error = event(number).event.id, error

    def send(self, parcel: Parcel) -> None:
        if isinstance(parcel, EventParcel) and any(e["id"] == self._id for e in parcel.events):
            raise self._error
        super().send(parcel)


def test_one_event_that_can_never_be_taken_is_kept_aside_and_holds_no_other(spool: Spool) -> None:
    sink = OnePoisonous(3, RefusedError("HTTP 422"))
    spool.commit(Changes(events=[event(number) for number in range(6)]))
    delivery(spool, sink).drain()
    assert len(sink.events) == 5
    counts = spool.counts()
    assert (counts.waiting, counts.refused) == (0, 1)


def test_one_event_that_the_api_stumbles_over_is_tried_again_later(spool: Spool) -> None:
    sink, clock = OnePoisonous(3, NotYetError("HTTP 500")), Clock()
    spool.commit(Changes(events=[event(number) for number in range(6)]))
    delivery(spool, sink, clock).drain()
    assert len(sink.events) == 5
    healed = FakeSink()
    delivery(spool, healed, clock).drain()
    assert healed.events == []
    clock.now_s += 1
    delivery(spool, healed, clock).drain()
    assert healed.events == [(event(3).event.id, 1)]


def test_an_unreachable_api_leaves_everything_where_it_is(spool: Spool, tmp_path: Path) -> None:
    full_spool(spool, tmp_path)
    with pytest.raises(SinkUnreachableError):
        delivery(spool, FakeSink(SinkUnreachableError("down"))).drain()
    assert spool.counts().waiting == 7
    assert all(message.attempts == 0 for message in spool.due("event", 1e12, 10))


def test_a_clip_the_api_does_not_expect_yet_keeps_its_file(spool: Spool, tmp_path: Path) -> None:
    spool.commit(Changes(clips=[clip(tmp_path)]))
    sink, clock = FakeSink(NotYetError("HTTP 404")), Clock()
    delivery(spool, sink, clock).drain()
    assert (tmp_path / "1.mp4").exists()
    clock.now_s += 1
    delivery(spool, sink, clock).drain()
    assert [type(parcel) for parcel in sink.parcels] == [ClipParcel]


def test_a_refused_hour_holds_no_other(spool: Spool) -> None:
    spool.commit(Changes(ledger=[hour(1), hour(1, window="2")]))
    sink = FakeSink(RefusedError("HTTP 422"), RefusedError("HTTP 422"))
    delivery(spool, sink).drain()
    assert [row.window for p in sink.parcels if isinstance(p, LedgerParcel) for row in p.rows] == ["2"]
    assert spool.counts().refused == 1


@given(st.integers(min_value=1, max_value=10_000), st.floats(min_value=0, max_value=1))
def test_pauses_grow_stay_under_their_cap_and_never_vanish(failures: int, jitter: float) -> None:
    pause = NOT_YET.pause_s(failures, jitter)
    assert 0.25 <= pause <= 60
    assert NOT_YET.pause_s(failures + 1, jitter) >= pause


def test_in_the_background_it_wakes_for_what_is_new_and_stops_at_once(spool: Spool) -> None:
    sink = WatchedSink()
    running = Delivery(spool, sink)
    running.start()
    for number in range(3):
        spool.commit(Changes(events=[event(number)]))
        sink.wait_for(number + 1)
    running.stop()
    assert [identity for identity, _ in sink.events] == [event(n).event.id for n in range(3)]


class WatchedSink(FakeSink):
    """Lets a test wait for the n-th parcel."""

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()

    def send(self, parcel: Parcel) -> None:
        with self._news:
            super().send(parcel)
            self._news.notify_all()

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.parcels) >= count, timeout=10)
