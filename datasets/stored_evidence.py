"""Evidence of a clip on disk, so that limits can be tried a hundred times without looking a second time."""

import gzip
import json
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from datasets.truth import TruthError
from vision.values import Evidence

ENDING = ".evidence.jsonl.gz"


def write_evidence(path: Path, evidence: Iterable[Evidence]) -> None:
    """Write the evidence of one clip; the file is there whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    with gzip.open(part, "wt", encoding="utf-8") as file:
        for one in evidence:
            record = [one.behaviour, one.window, one.captured_at.isoformat(), one.score, one.variant]
            file.write(f"{json.dumps(record)}\n")
    part.replace(path)


def read_evidence(path: Path) -> tuple[Evidence, ...]:
    """Read the evidence of one clip. Raises `TruthError`."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return tuple(_evidence(line) for line in file)
    except (OSError, EOFError, ValueError, TypeError, zlib.error):
        raise TruthError(
            f"{path}: this stored evidence cannot be read; delete it, it is made again."
        ) from None


def _evidence(line: str) -> Evidence:
    behaviour, window, at, score, variant = json.loads(line)
    return Evidence(behaviour, window, datetime.fromisoformat(at), score, variant)
