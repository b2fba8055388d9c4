"""The table of second factors."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table, UtcTime


class SecondFactorRow(Table):
    """An account's authenticator."""

    __tablename__ = "second_factor"

    username: Mapped[str] = mapped_column(ForeignKey("account.username"), primary_key=True, comment="whose")
    sealed_secret: Mapped[str] = mapped_column(Text, comment="sealed with the key file")
    since: Mapped[datetime | None] = mapped_column(UtcTime, comment="confirmed then; null: not yet")
    last_step: Mapped[int | None] = mapped_column(
        BigInteger, comment="time step of the last code accepted; null: none yet"
    )
    recovery_sha256s: Mapped[list[str]] = mapped_column(JSON, comment="of the recovery codes not yet used")
