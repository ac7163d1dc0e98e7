"""Bearer tokens: a signed JWT becomes an authenticated ``Person``, or nobody.

Owns signature, issuer, audience and time checks against our own clock, with the issuer's public keys.
Never accepts a shared-secret or unsigned token, never issues one, never decides what a person may do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from api.http.keys import ALGORITHMS, Keys, keys_at
from api.settings import AuthSettings
from domain.clock import Clock
from domain.errors import Misconfigured, Unauthenticated
from domain.person import SYSTEM, Person

REQUIRED = ("sub", "iss", "aud", "exp", "iat")
AHEAD_SECONDS = 30  # how far the issuer's clock may run before ours (nbf, iat); expiry gets no grace
MOST_TOKEN = 16_384  # characters


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token must say.

    Args:
        issuer: exact ``iss``.
        audience: must be among ``aud``.
        groups_claim: the claim that lists directory groups.
        country_claim: the claim that says in which country the person is, ISO 3166-1 alpha-2.
    """

    issuer: str
    audience: str
    groups_claim: str = "groups"
    country_claim: str = "country"


class Authenticator:
    """Turns a token into a person."""

    def __init__(self, keys: Keys, terms: Terms, clock: Clock) -> None:
        self._keys = keys
        self._terms = terms
        self._clock = clock

    @classmethod
    def configured(cls, settings: AuthSettings, clock: Clock) -> Authenticator:
        """The bank's own issuer; ``Misconfigured`` when issuer or keys are missing or not https."""
        if not settings.issuer or not settings.jwks:
            raise Misconfigured("set COUNTERSIGN_AUTH__ISSUER and COUNTERSIGN_AUTH__JWKS together")
        terms = Terms(settings.issuer, settings.audience, settings.groups_claim, settings.country_claim)
        return cls(keys_at(settings.jwks), terms, clock)

    async def person(self, token: str) -> Person:
        """Who this token proves.

        Raises:
            Unauthenticated: it proves nobody; ``why`` is a stable word (signature, expired …).
            Unavailable: the issuer's keys cannot be read.
        """
        claims = self._verified(token, await self._keys.find(_kid(token)))
        self._in_time(claims)
        return Person(
            id=_subject(claims),
            name=_text(claims, "name"),
            groups=_groups(claims, self._terms.groups_claim),
            country=_text(claims, self._terms.country_claim),
            scopes=frozenset(_text(claims, "scope").split()),  # RFC 8693 section 4.2
        )

    def _verified(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._terms.issuer,
                audience=self._terms.audience,
                options={
                    "require": list(REQUIRED),
                    "verify_exp": False,  # times are checked against our clock below
                    "verify_nbf": False,
                    "verify_iat": False,
                    "enforce_minimum_key_length": True,
                },
            )
        except PyJWTError as error:
            raise Unauthenticated(_plain(error), why=_reason(error)) from error
        return claims

    def _in_time(self, claims: Mapping[str, Any]) -> None:
        now = self._clock.now().timestamp()
        if now >= _seconds(claims, "exp"):
            raise Unauthenticated("the token has expired", why="expired")
        for name in ("nbf", "iat"):
            if name in claims and _seconds(claims, name) > now + AHEAD_SECONDS:
                raise Unauthenticated("the token is not valid yet", why="early")


def bearer(header: str | None) -> str:
    """The token of an ``Authorization`` header."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        remedy = "send Authorization: Bearer <token>"
        raise Unauthenticated("a bearer token is needed", why="missing", remedy=remedy)
    return token.strip()


def _kid(token: str) -> str:
    if len(token) > MOST_TOKEN:
        raise Unauthenticated("the token is too long", why="malformed")
    try:
        header = jwt.get_unverified_header(token)
    except (PyJWTError, ValueError) as error:
        raise Unauthenticated("this is not a token", why="malformed") from error
    if header.get("alg") not in ALGORITHMS:
        raise Unauthenticated(f"tokens are accepted with {', '.join(ALGORITHMS)} only", why="algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Unauthenticated("the token does not name its key (kid)", why="key")
    return kid


def _subject(claims: Mapping[str, Any]) -> str:
    subject = _text(claims, "sub")
    if not subject.isprintable() or not 0 < len(subject) <= 200 or subject == SYSTEM.id:
        raise Unauthenticated("the token's subject cannot be used", why="claims")
    return subject


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise Unauthenticated(f"the claim {name} must be a text", why="claims")
    return value


def _groups(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """A list of texts; none when the claim is absent. One text is refused: a group's name may hold spaces."""
    groups = claims.get(name, [])
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        raise Unauthenticated(f"the claim {name} must be a list of texts", why="claims")
    return frozenset(groups)


def _seconds(claims: Mapping[str, Any], name: str) -> int | float:
    """A NumericDate: seconds since 1970-01-01 UTC (RFC 7519 section 2)."""
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unauthenticated(f"the claim {name} must be a time in seconds", why="claims")
    return value


REASONS: tuple[tuple[type[PyJWTError], str, str], ...] = (
    (jwt.InvalidSignatureError, "signature", "the token's signature does not fit"),
    (jwt.MissingRequiredClaimError, "claims", "the token lacks one of sub, iss, aud, exp, iat"),
    (jwt.InvalidIssuerError, "issuer", "the token comes from another issuer"),
    (jwt.InvalidAudienceError, "audience", "the token is for somebody else"),
    (jwt.InvalidAlgorithmError, "algorithm", "the token's algorithm does not fit its key"),
)


def _reason(error: PyJWTError) -> str:
    return next((why for kind, why, _ in REASONS if isinstance(error, kind)), "malformed")


def _plain(error: PyJWTError) -> str:
    return next((text for kind, _, text in REASONS if isinstance(error, kind)), "this is not a token")
