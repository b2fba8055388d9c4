"""Shifts: one opening of a window as the people behind it live it, and how one of them has gone so far.

The post must be taken some minutes before the window opens (clause 25(2): ten) and kept until it closes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from vision.posts import Post, PostState

EARLY = timedelta(minutes=10)
"""How long before opening the post must be taken, clause 25(2)."""

SEEN_BEFORE = timedelta(minutes=30)
"""Whoever took the post so long before it was due, and stepped away since, had arrived."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One opening, in UTC: the post is to be taken at `due`, the window is open from `opens` to `closes`."""

    due: datetime
    opens: datetime
    closes: datetime

    @property
    def watched_from(self) -> datetime:
        """From when on the post is looked at for this shift."""
        return self.due - SEEN_BEFORE


@dataclass(frozen=True, slots=True)
class Watch:
    """A shift that is followed; `taken_at` is when the post was first seen taken for it, None before."""

    shift: Shift
    taken_at: datetime | None = None

    def after(self, post: Post) -> "Watch":
        """The watch once the post was looked at."""
        if self.taken_at is None and post.state is PostState.ON:
            return replace(self, taken_at=post.at)
        return self

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        dumped: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return dumped

    @staticmethod
    def from_dict(saved: Mapping[str, Any]) -> "Watch":
        """A watch read back. Raises `pydantic.ValidationError` on what is none."""
        return _ADAPTER.validate_python(saved)


_ADAPTER = TypeAdapter(Watch)
