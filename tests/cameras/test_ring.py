"""The ring is bounded, and always begins at a key frame."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import av
from hypothesis import given
from hypothesis import strategies as st

from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source
from tests.cameras.conftest import MakeVideo

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def fill(ring: PacketRing, packets: list[tuple[bool, int]], step_s: float = 0.1) -> None:
    """Append packets given as (key frame?, bytes), `step_s` apart."""
    for index, (is_keyframe, size) in enumerate(packets):
        packet = av.Packet(size)
        packet.pts = packet.dts = round(index * step_s * 90_000)
        packet.time_base = Fraction(1, 90_000)
        packet.is_keyframe = is_keyframe
        ring.append(packet, NOON + timedelta(seconds=index * step_s))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 500)), max_size=200))
def test_it_keeps_within_its_bounds_and_begins_at_a_key_frame(packets: list[tuple[bool, int]]) -> None:
    ring = PacketRing(seconds=3.0, max_bytes=2_000)
    fill(ring, packets)
    held = list(ring)
    assert ring.bytes_held == sum(len(packet.data) for packet in held) <= 2_000
    assert not held or held[0].is_keyframe
    assert [packet.serial for packet in held] == list(
        range(ring.last_serial - len(held) + 1, ring.last_serial + 1)
    )


def test_it_holds_as_long_as_it_says() -> None:
    ring = PacketRing(seconds=5.0)
    fill(ring, [(index % 10 == 0, 100) for index in range(300)])
    held = list(ring)
    span_s = (held[-1].dts - held[0].dts) / 90_000
    assert 5.0 <= span_s <= 6.1


def test_packets_are_given_from_the_key_frame_at_or_before_an_instant() -> None:
    ring = PacketRing()
    fill(ring, [(index % 10 == 0, 100) for index in range(100)])
    found = ring.packets_from(NOON + timedelta(seconds=4.55))
    assert found[0].is_keyframe
    assert found[0].captured_at == NOON + timedelta(seconds=4)
    assert len(found) == 60
    assert ring.packets_from(NOON - timedelta(hours=1))[0].captured_at == NOON
    assert len(ring.packets_after(found[-3].serial)) == 2


def test_a_new_connection_empties_it(make_video: MakeVideo) -> None:
    ring, source = PacketRing(), Source.parse(str(make_video()))
    list(read(source, ring=ring))
    assert len(ring) == 100
    list(read(source, ring=ring))
    assert (len(ring), ring.generation) == (100, 2)
