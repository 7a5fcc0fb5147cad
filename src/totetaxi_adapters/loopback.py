"""Which addresses lead to this machine."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(address: str) -> bool:
    """Tell whether a URL names this machine: no proxy is needed to get there."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
