"""The issuer's public keys: from a JWKS file or an https address. Never holds or reads a private key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import jwt
from anyio import to_thread
from jwt.exceptions import PyJWKClientConnectionError, PyJWTError

from domain.errors import Misconfigured, Unauthenticated, Unavailable

ALGORITHMS = ("RS256", "ES256", "EdDSA")  # public-key only: HS* and none are never accepted


class Keys(Protocol):
    """Finds the issuer's public key by its id."""

    async def find(self, kid: str) -> jwt.PyJWK:
        """The key; ``Unauthenticated`` when there is none, ``Unavailable`` when nobody answers."""
        ...


class KeyFile:
    """A JWKS file, read once at start; only signature keys of allowed algorithms are kept."""

    def __init__(self, file: Path) -> None:
        try:
            found = jwt.PyJWKSet.from_dict(json.loads(file.read_text(encoding="utf-8"))).keys
        except (OSError, ValueError, PyJWTError) as error:
            raise Misconfigured(f"no JWKS can be read at {file}: {error}") from error
        self._keys = {key.key_id: key for key in found if key.key_id and _usable(key)}
        if not self._keys:
            raise Misconfigured(f"{file} holds no signature key with a kid for {', '.join(ALGORITHMS)}")

    async def find(self, kid: str) -> jwt.PyJWK:
        """The key of the file."""
        if kid not in self._keys:
            raise Unauthenticated("the token was signed with a key that is not known", why="key")
        return self._keys[kid]


class KeyAddress:
    """A JWKS behind https: cached for five minutes, asked again at most twice a minute for a new key."""

    def __init__(self, address: str) -> None:
        self._client = jwt.PyJWKClient(address, timeout=5)

    async def find(self, kid: str) -> jwt.PyJWK:
        """The key, asked for in a thread."""
        try:
            key = await to_thread.run_sync(self._client.get_signing_key, kid)
        except PyJWKClientConnectionError as error:
            raise Unavailable("the issuer's keys cannot be read now", control="auth.jwks") from error
        except (PyJWTError, ValueError) as error:
            raise Unauthenticated("the token was signed with a key that is not known", why="key") from error
        if not _usable(key):
            raise Unauthenticated("the token was signed with a key that is not accepted", why="key")
        return key


def keys_at(place: str) -> Keys:
    """The keys behind an https address or in a file; ``Misconfigured`` for plain http."""
    if place.startswith("http://"):
        raise Misconfigured("the issuer's keys must come over https or from a file")
    return KeyAddress(place) if place.startswith("https://") else KeyFile(Path(place))


def _usable(key: jwt.PyJWK) -> bool:
    return key.algorithm_name in ALGORITHMS and key.public_key_use in (None, "sig")
