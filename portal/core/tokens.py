"""Random names and keyed digests: public ids, secrets, hashes, six-digit codes."""

import hashlib
import hmac
import ipaddress
import secrets

PUBLIC_ID_BYTES = 16  # 128 bits: an id in an address can't be guessed


def new_public_id() -> str:
    """22 characters, 128 random bits; names a thing in an address and tells nothing about it."""
    return secrets.token_urlsafe(PUBLIC_ID_BYTES)


def new_secret() -> str:
    """43 characters, 256 random bits, for what only its bearer may know."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256 as hex: what is stored instead of a secret of full entropy."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(key: str, *parts: str) -> bytes:
    """HMAC-SHA-256 over the parts, unambiguous in where one ends (each is prefixed with its length)."""
    message = b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)
    return hmac.new(key.encode(), message, hashlib.sha256).digest()


def code(key: str, *parts: str) -> str:
    """Six digits derived from the parts (RFC 4226 truncation), for typing on another device."""
    mac = keyed(key, *parts)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def network(key: str, address: str) -> str:
    """24 hex digits that stand for the network of an IP address (/24, of IPv6 /48); "" when it is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    whole = ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False)
    return keyed(key, "network", str(whole)).hex()[:24]


def same(one: str, other: str) -> bool:
    """Compares without telling by timing how much was right."""
    return hmac.compare_digest(one.encode(), other.encode())
