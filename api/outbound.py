"""Where this machine may send anything by itself: nowhere, unless whoever runs it listed the place (P13).

A place is `host`, `*.domain` or a network such as `10.0.0.0/8`; each stands for HTTPS alone, and with
`http://` before it for plain HTTP too. A host name never stands for a network: what a name resolves to may
change between the check and the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit


class PlaceError(ValueError):
    """A listed place, or an address, cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """One listed place: a host, the end of host names, or a network."""

    host: str | None = None
    ending: str | None = None
    network: IPv4Network | IPv6Network | None = None
    plain: bool = False

    @classmethod
    def parse(cls, text: str) -> "Place":
        """As whoever runs the machine writes it; raises PlaceError."""
        plain, rest = text.startswith("http://"), text.removeprefix("http://").removeprefix("https://")
        name = rest.strip().lower().rstrip(".")
        if not name or any(letter in name for letter in " @?#"):
            raise PlaceError(f"`{text}` is no host, *.domain or network")
        if name.startswith("*."):
            return cls(ending=name[1:], plain=plain)
        try:
            return cls(network=ip_network(name.strip("[]")), plain=plain)
        except ValueError:
            if "/" in name or "*" in name:
                raise PlaceError(f"`{text}` is no host, *.domain or network") from None
        return cls(host=name, plain=plain)

    def holds(self, host: str) -> bool:
        """Whether this host name or IP address belongs to it."""
        if self.network is None:
            return host == self.host or bool(self.ending and host.endswith(self.ending))
        try:
            return ip_address(host) in self.network
        except ValueError:
            return False


def require_reachable(address: str, places: Sequence[Place]) -> None:
    """Raise PlaceError unless this address is an http(s) one of a listed place, without a user in it."""
    try:
        found = urlsplit(address)
        host, _ = (found.hostname or "").rstrip("."), found.port
    except ValueError:
        raise PlaceError("this is no address") from None
    if found.scheme not in ("http", "https") or not host:
        raise PlaceError("an address begins with https:// and a host")
    if "@" in found.netloc or any(ord(letter) <= 32 for letter in address):
        raise PlaceError("an address holds no user, password or spaces")
    fitting = [place for place in places if place.holds(host)]
    if not fitting:
        raise PlaceError(f"{host} is not listed in HALLWATCH_OUTBOUND; whoever runs this machine must add it")
    if found.scheme == "http" and not any(place.plain for place in fitting):
        raise PlaceError(f"only https:// to {host}; plain HTTP must be listed as http://{host}")
