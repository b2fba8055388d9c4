"""Limits are proposed from evidence on disk, and only from the part that is there for it."""

import gzip
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from datasets.stored_evidence import read_evidence, write_evidence
from datasets.truth import TruthError
from datasets.tune import Bounds, StoredClip, TuneError, check_split, flags_of, propose
from tests.datasets.measured import STARTS_AT, episode, evidence, truth
from vision.article27 import CATALOGUE
from vision.values import Evidence

LIMITS = CATALOGUE["phone_use"].limits
FEW = Bounds(scores=(0.3, 0.4, 0.5, 0.6), holds=(1.0,), windows=(1.5,))


def test_stored_evidence_makes_the_events_that_the_pipeline_would() -> None:
    (found,) = flags_of(StoredClip(truth(), evidence((10, 30, 0.9))), "phone_use", LIMITS)
    assert (found.started_s, found.flagged_s, found.ended_s) == pytest.approx((10, 18, 30))


def test_an_event_at_the_end_of_the_clip_is_ended_by_it() -> None:
    (found,) = flags_of(StoredClip(truth(), evidence((40, 60, 0.9))), "phone_use", LIMITS)
    assert found.ended_s == pytest.approx(60)


def test_a_score_between_calls_and_what_only_looks_like_them_is_proposed() -> None:
    clips = [
        StoredClip(truth(episode("phone_use", 10, 30)), evidence((10, 30, 0.45))),
        StoredClip(truth(), evidence((10, 30, 0.35))),
    ]
    proposal = propose("phone_use", clips, bounds=FEW)
    assert (proposal.before.score.tp, proposal.before.score.fn) == (0, 1)
    assert proposal.after.limits.score == 0.4
    assert (proposal.after.score.tp, proposal.after.score.fn, proposal.after.score.fp) == (1, 0, 0)
    assert proposal.is_better


def test_limits_that_are_perfect_already_stay() -> None:
    clips = [StoredClip(truth(episode("phone_use", 10, 30)), evidence((10, 30, 0.9)))]
    proposal = propose("phone_use", clips)
    assert not proposal.is_better
    assert proposal.after.limits == LIMITS


def test_a_shorter_hold_is_found_where_calls_are_seen_with_pauses() -> None:
    pauses = tuple((10 + 3 * count, 11.5 + 3 * count, 0.9) for count in range(7))
    clips = [StoredClip(truth(episode("phone_use", 10, 31)), evidence(*pauses))]
    proposal = propose("phone_use", clips)
    assert proposal.before.score.fn == 1
    assert proposal.after.score.tp == 1
    assert 0.7 * LIMITS.hold_s <= proposal.after.limits.hold_s <= 1.1 * LIMITS.hold_s


def test_what_must_be_flagged_does_not_change_with_the_limits_tried() -> None:
    clips = [StoredClip(truth(episode("phone_use", 10, 17)), evidence((10, 17, 0.9)))]
    proposal = propose("phone_use", clips)
    assert not proposal.is_better
    assert (proposal.after.score.tp, proposal.after.score.fp) == (0, 0)


def test_the_proposal_is_a_piece_of_a_site_file() -> None:
    clips = [StoredClip(truth(episode("phone_use", 10, 30)), evidence((10, 30, 0.45)))]
    text = propose("phone_use", clips, bounds=FEW).as_yaml()
    assert YAML(typ="safe").load(text) == {
        "limits": {"phone_use": {"score": 0.4, "hold_s": 8, "window_s": 12}}
    }
    assert "1 clips" in text


def test_a_behaviour_without_evidence_is_told() -> None:
    with pytest.raises(TuneError, match="does not judge it yet"):
        propose("pointing", [StoredClip(truth(), evidence())])
    with pytest.raises(TuneError, match="no behaviour `sleeping`"):
        propose("sleeping", [])


@pytest.mark.parametrize("name", ["test", "train", "clips"])
def test_only_the_validate_part_may_be_fitted_to(tmp_path: Path, name: str) -> None:
    with pytest.raises(TuneError, match="--force"):
        check_split(tmp_path / name)
    check_split(tmp_path / name, force=True)
    check_split(tmp_path / "validate")


def test_evidence_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written = (*evidence((1, 2, 0.5))[:20], Evidence("smoking", "2", STARTS_AT, None, "cigarette"))
    write_evidence(tmp_path / "clip.evidence.jsonl.gz", written)
    assert read_evidence(tmp_path / "clip.evidence.jsonl.gz") == written
    assert [path.name for path in tmp_path.iterdir()] == ["clip.evidence.jsonl.gz"]


@pytest.mark.parametrize("content", [b"", b"none", gzip.compress(b'["a"]\n'), gzip.compress(b"[1, 2]")[:12]])
def test_broken_evidence_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.evidence.jsonl.gz"
    path.write_bytes(content)
    if not content:
        assert read_evidence(path) == ()
        return
    with pytest.raises(TruthError, match="delete it"):
        read_evidence(path)
