"""How often each network answered NaN or infinity: such a frame yields nothing, and is counted."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType

_lock = Lock()
_counts: Counter[str] = Counter()


def count_bad_answer(network: str) -> None:
    """One more picture on which `network` (its file's name) answered something that is no number."""
    with _lock:
        _counts[network] += 1


def bad_answers() -> Mapping[str, int]:
    """Bad answers by network since this process began; networks without any are absent."""
    with _lock:
        return MappingProxyType(dict(_counts))
