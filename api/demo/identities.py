"""The demo's own issuer: an Ed25519 key made at first start, and tokens for clearly marked demo people.

Owns the key, the JWKS and the token files below ``settings.home``, readable by their owner alone. Refuses
to exist beside a configured issuer: nothing in production trusts it.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from api.http.auth import Authenticator, Terms
from api.http.keys import KeyFile
from api.settings import Settings
from domain.canonical import digest
from domain.clock import Clock
from domain.errors import Misconfigured
from domain.person import Person

ISSUER = "urn:countersign:demo"
VALID = timedelta(days=30)
MADE_UP = "(demo)"


def _demo(name: str, title: str, *groups: str) -> tuple[str, Person]:
    return name, Person(f"demo-{name}", f"{title} {MADE_UP}", frozenset(groups), country="US")


PEOPLE: dict[str, Person] = dict(
    (
        _demo("advisor", "Ada Advisor", "advisors"),
        _demo("underwriter-1", "Uma Underwriter", "underwriters"),
        _demo("underwriter-2", "Ugo Underwriter", "underwriters"),
        _demo("senior-underwriter", "Sena Senior", "senior_underwriters", "senior"),
        _demo("credit-officer-1", "Cleo Officer", "credit_officers"),
        _demo("credit-officer-2", "Cato Officer", "credit_officers"),
        _demo("senior-credit-officer", "Cyra Senior", "senior_credit_officers", "senior"),
        _demo("chief-credit", "Chidi Chief", "chief_credit", "senior"),
        _demo("servicing", "Sero Servicing", "servicing"),
        _demo("compliance-1", "Cora Compliance", "compliance"),
        _demo("compliance-2", "Ciro Compliance", "compliance", "chief_compliance", "senior"),
        _demo("securities-principal", "Sade Securities", "licensed_securities"),
        _demo("credit-counsel", "Cem Credit", "licensed_credit"),
        _demo("counsel", "Lena Legal", "licensed_legal"),
        _demo("tax-adviser", "Tove Tax", "licensed_tax"),
        _demo("kyc-analyst", "Kiri Analyst", "kyc_analysts"),
        _demo("risk-officer", "Rosa Risk", "risk_officers"),
        _demo("policy-owner-1", "Pia Policy", "policy_owners"),
        _demo("policy-owner-2", "Pavel Policy", "policy_owners"),
        _demo("chief-risk", "Rune Chief", "chief_risk", "policy_owners", "senior"),
        _demo("model-risk", "Mira Modelrisk", "model_risk"),
        _demo("auditor", "Aude Auditor", "auditors"),
        _demo("sre", "Sari Reliability", "sre", "operations"),
        _demo("head-of-operations", "Hilde Head", "head_of_operations"),
        _demo("records-1", "Rhea Records", "records"),
        _demo("records-2", "Remo Records", "records"),
        _demo("counsel-1", "Cleve Counsel", "counsel"),
        _demo("counsel-2", "Calla Counsel", "counsel"),
        _demo("record-feed", "Record feed", "record_sources"),
    )
)


@dataclass(frozen=True, slots=True)
class DemoIssuer:
    """Where the demo's keys and tokens are."""

    home: Path

    @property
    def key_file(self) -> Path:
        """The private key."""
        return self.home / "demo-issuer.key"

    @property
    def jwks(self) -> Path:
        """The public key."""
        return self.home / "demo-issuer.jwks.json"

    def token_file(self, name: str) -> Path:
        """The token of one demo person."""
        return self.home / "tokens" / f"{name}.token"

    def prepare(self, settings: Settings, clock: Clock) -> None:
        """Key, JWKS and today's tokens; running it again on the same day changes nothing."""
        self.token_file("any").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create_once(self.key_file, _new_key())
        key = self._key()
        public = _public(key)
        _replace(self.jwks, json.dumps({"keys": [public]}))
        for name, person in PEOPLE.items():
            claims = _claims(person, settings, clock)
            token = jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": public["kid"]})
            _replace(self.token_file(name), token)

    def _key(self) -> Ed25519PrivateKey:
        if self.key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Misconfigured(f"{self.key_file} can be read by others; run `chmod 600 {self.key_file}`")
        key = serialization.load_pem_private_key(self.key_file.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise Misconfigured(f"{self.key_file} is not the demo's key; remove it and start again")
        return key


def ensure_demo(settings: Settings, clock: Clock) -> Authenticator:
    """Make what is missing, and give who checks its tokens.

    Raises:
        Misconfigured: an issuer is configured, or the key can be read by others.
    """
    if settings.auth.issuer:
        raise Misconfigured("an issuer is configured: the demo's people do not exist beside it")
    issuer = DemoIssuer(settings.home)
    issuer.prepare(settings, clock)
    auth = settings.auth
    terms = Terms(ISSUER, auth.audience, auth.groups_claim, auth.country_claim)
    return Authenticator(KeyFile(issuer.jwks), terms, clock)


def demo_token(settings: Settings, name: str) -> str:
    """The token of one demo person; ``Misconfigured`` when there is none."""
    file = DemoIssuer(settings.home).token_file(name)
    if name not in PEOPLE or not file.is_file():
        raise Misconfigured(f"no demo token for {name!r}; there are {', '.join(PEOPLE)}")
    return file.read_text(encoding="utf-8")


def _claims(person: Person, settings: Settings, clock: Clock) -> dict[str, object]:
    """Issued at the start of the day, so that a restart writes the same token."""
    issued = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "iss": ISSUER,
        "aud": settings.auth.audience,
        "sub": person.id,
        "name": person.name,
        settings.auth.groups_claim: sorted(person.groups),
        settings.auth.country_claim: person.country,
        "iat": int(issued.timestamp()),
        "exp": int((issued + VALID).timestamp()),
    }


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(key: Ed25519PrivateKey) -> dict[str, str]:
    public: dict[str, str] = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return public | {"kid": f"demo-{digest(public)[:16]}", "use": "sig", "alg": "EdDSA"}


def _create_once(file: Path, content: bytes) -> None:
    """Whole or not at all, also when two processes start together; an existing file is left alone."""
    if file.exists():
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    _write(draft, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return  # another process was first: its key counts
    finally:
        draft.unlink()


def _replace(file: Path, content: str) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    _write(draft, content.encode())
    draft.replace(file)


def _write(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
