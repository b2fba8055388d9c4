"""The table of what the broker was told."""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table


class MqttPositionRow(Table):
    """Up to which change the broker was told; one row at most."""

    __tablename__ = "mqtt_position"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="always 1")
    number: Mapped[int] = mapped_column(BigInteger, comment="of the last change that the broker took")
