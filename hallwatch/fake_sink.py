"""A sink for tests: keeps what it is given, and fails as its script says."""

from collections.abc import Iterator

from hallwatch.delivery import DeliveryError, EventParcel, Parcel


class FakeSink:
    """Takes every parcel into `parcels`; before each it raises the script's next error, where that is one."""

    def __init__(self, *script: DeliveryError | None) -> None:
        self.parcels: list[Parcel] = []
        self._script: Iterator[DeliveryError | None] = iter(script)

    def send(self, parcel: Parcel) -> None:
        """See `EventSink.send`."""
        if error := next(self._script, None):
            raise error
        self.parcels.append(parcel)

    @property
    def events(self) -> list[tuple[str, int]]:
        """(id, revision) of all events taken, in order."""
        batches = [parcel.events for parcel in self.parcels if isinstance(parcel, EventParcel)]
        return [(event["id"], event["revision"]) for batch in batches for event in batch]
