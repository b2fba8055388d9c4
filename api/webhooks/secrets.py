"""Which secrets a webhook's messages are signed with: the newest, and for a day the one before it."""

from datetime import datetime, timedelta

from api.sealing import Seal
from api.webhooks.signing import new_secret
from api.webhooks.tables import WebhookRow

BOTH_FOR = timedelta(hours=24)
"""How long messages bear two signatures after a secret was renewed."""


def renew_secret(seal: Seal, webhook: WebhookRow, now: datetime) -> str:
    """Give it a new secret, to be shown once; the one before it still signs for a day."""
    secret = new_secret()
    until = (now + BOTH_FOR).isoformat()
    before = [{**one, "until": one["until"] or until} for one in (webhook.sealed_secrets or [])[:1]]
    webhook.sealed_secrets = [{"sealed": seal.close_up(secret), "until": None}, *before]
    return secret


def secrets_in_force(seal: Seal, webhook: WebhookRow, now: datetime) -> list[str]:
    """The secrets to sign with now, newest first. Raises SealError where they do not open."""
    return [
        seal.open_up(one["sealed"])
        for one in webhook.sealed_secrets
        if one["until"] is None or now < datetime.fromisoformat(one["until"])
    ]
