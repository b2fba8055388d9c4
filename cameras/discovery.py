"""Finding ONVIF cameras on the local network by WS-Discovery 1.1 (OASIS): a probe and its answers."""

import socket
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

MULTICAST = ("239.255.255.250", 3702)
LARGEST_ANSWER = 64 * 1024
MOST_FOUND = 1000

PROBE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl">'
    "<s:Header><a:MessageID>uuid:{id}</a:MessageID>"
    "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>"
    "<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"
)


@dataclass(frozen=True, order=True)
class Found:
    """A camera that answered: its device address, and the name and hardware that it announces."""

    host: str
    address: str
    name: str
    hardware: str


def discover(within_s: float = 3.0, ask: Sequence[tuple[str, int]] = (MULTICAST,)) -> list[Found]:
    """The cameras that answer a probe sent to `ask` within so many seconds, by host.

    Multicast ends at the next router: name cameras of other networks by their address. Raises OSError where
    nothing can be sent at all.
    """
    found: dict[str, Found] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
        message = PROBE.format(id=uuid.uuid4()).encode()
        for place in ask:
            asking.sendto(message, place)
        deadline_s = time.monotonic() + within_s
        while (left_s := deadline_s - time.monotonic()) > 0 and len(found) < MOST_FOUND:
            asking.settimeout(left_s)
            try:
                answer, (host, _) = asking.recvfrom(LARGEST_ANSWER)
            except TimeoutError:
                break
            except ConnectionError:
                continue  # one that was named does not listen
            for one in matches(answer, host):
                found[one.address] = one
    return sorted(found.values())


def matches(answer: bytes, sender: str) -> list[Found]:
    """The cameras in an answer, none in what is none; only addresses at its sender are believed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(answer, parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    if root.getroottree().docinfo.doctype:
        return []
    found = []
    for match in root.iter("{*}ProbeMatch"):
        scopes = (match.findtext("{*}Scopes") or "").split()
        for address in (match.findtext("{*}XAddrs") or "").split():
            if _is_at(address, sender):
                found.append(Found(sender, address, _told(scopes, "name"), _told(scopes, "hardware")))
                break
    return found


def _is_at(address: str, sender: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and parts.hostname == sender
    except ValueError:
        return False


def _told(scopes: Sequence[str], what: str) -> str:
    """ONVIF Core 7.3.3: scopes are `onvif://www.onvif.org/name/Front%20desk`."""
    start = f"onvif://www.onvif.org/{what}/"
    told = next((scope[len(start) :] for scope in scopes if scope.lower().startswith(start)), "")
    return "".join(letter for letter in unquote(told) if letter.isprintable())[:80]
