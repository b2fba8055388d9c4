"""The one choke-point that takes passwords out of text.

libav puts the whole address, password included, into its exceptions; so every text that leaves this room
passes here.
"""

import re

MASK = "***"

_USERINFO = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<userinfo>[^\s/?#]*)@")
"""Greedy up to the last @ before the path: cameras' passwords hold @ themselves."""

_WILD_USERINFO = re.compile(
    r"(?P<scheme>(?:rtsps?|rtmps?|https?)://)(?P<user>[^\s:/@]*):(?P<secret>[^\s]*)@", re.IGNORECASE
)
"""A password with an unescaped / or # in it: not a legal address, but people type it."""

_PARAMETER = re.compile(
    r"(?P<name>\b(?:password|passwd|pass|pwd|token|secret|auth|key)=)[^\s&#'\"]+", re.IGNORECASE
)


def _masked(match: re.Match[str]) -> str:
    user, colon, _ = match["userinfo"].partition(":")
    return f"{match['scheme']}{user}{':' + MASK if colon else ''}@"


def redact(text: str) -> str:
    """`text` with the password of every address in it, and every secret-like parameter, replaced."""
    text = _WILD_USERINFO.sub(rf"\g<scheme>\g<user>:{MASK}@", text)
    text = _USERINFO.sub(_masked, text)
    return _PARAMETER.sub(rf"\g<name>{MASK}", text)
