"""Secrets and signatures (Standard Webhooks 1.0): HMAC-SHA256 over id, timestamp and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, as receivers' libraries take them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def signed_headers(using: Sequence[str], message: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a message, with a signature by each of the secrets."""
    stamp = str(int(at.timestamp()))
    content = f"{message}.{stamp}.{body}".encode()
    signatures = [
        base64.b64encode(
            hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), content, hashlib.sha256).digest()
        )
        for secret in using
    ]
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one.decode('ascii')}" for one in signatures),
    }
