"""Tokens: what proves a person, and every trick that must not."""

from __future__ import annotations

import asyncio
import base64
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from api.demo.identities import PEOPLE, DemoIssuer, demo_token, ensure_demo
from api.http.app import authenticator
from api.http.auth import Authenticator, Terms, bearer
from api.http.keys import KeyFile, keys_at
from api.settings import AuthSettings, Settings
from domain.clock import SetClock
from domain.errors import Misconfigured, Unauthenticated, Unavailable
from domain.person import Person

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ISSUER, AUDIENCE = "https://issuer.example", "countersign"
KEY = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "ada",
    "name": "Ada (demo)",
    "groups": ["advisors"],
    "scope": "cases:read cases:write",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 600,
}
Login = Callable[[str], Person]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def login(tmp_path: Path, clock: SetClock) -> Login:
    keys = [
        OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "ed"},
        RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True) | {"kid": "rsa"},
        ECAlgorithm.to_jwk(EC.public_key(), as_dict=True) | {"kid": "ec"},
        {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "shared"},
    ]
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": keys}))
    auth = Authenticator(KeyFile(file), Terms(ISSUER, AUDIENCE), clock)
    return lambda token: asyncio.run(auth.person(token))


def token(key: Any = KEY, algorithm: str = "EdDSA", kid: str | None = "ed", **changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid} if kid else {})


def refusal(login: Login, text: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        login(text)
    return str(caught.value.attributes["why"])


def forged(header: dict[str, Any]) -> str:
    parts = (json.dumps(header), json.dumps(CLAIMS))
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(KEY, "EdDSA", "ed"), (RSA, "RS256", "rsa"), (EC, "ES256", "ec")]
)
def test_token_of_the_issuer_proves_a_person(login: Login, key: Any, algorithm: str, kid: str) -> None:
    person = login(token(key, algorithm, kid))
    assert (person.id, person.name, person.groups) == ("ada", "Ada (demo)", frozenset({"advisors"}))
    assert person.scopes == {"cases:read", "cases:write"}


def test_token_expires_by_our_clock_to_the_second(login: Login, clock: SetClock) -> None:
    clock.forward(timedelta(seconds=599))
    assert login(token()).id == "ada"
    clock.forward(timedelta(seconds=1))
    assert refusal(login, token()) == "expired"


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_token_of_the_future_is_not_valid_yet(login: Login, claim: str) -> None:
    assert refusal(login, token(**{claim: CLAIMS["iat"] + 31})) == "early"
    assert login(token(**{claim: CLAIMS["iat"] + 30})).id == "ada"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://other.example"}, "issuer"),
        ({"aud": "payroll"}, "audience"),
        *(({claim: None}, "claims") for claim in ("sub", "exp", "iat", "iss", "aud")),
        ({"groups": "advisors underwriters"}, "claims"),
        ({"groups": [{"name": "advisors"}]}, "claims"),
        ({"exp": "tomorrow"}, "claims"),
        ({"exp": float("nan")}, "claims"),
        ({"exp": True}, "claims"),
        ({"nbf": "now"}, "claims"),
        ({"sub": "system"}, "claims"),
        ({"sub": ""}, "claims"),
        ({"sub": "a\x00da"}, "claims"),
        ({"scope": 7}, "claims"),
    ],
)
def test_token_that_says_something_else_proves_nobody(
    login: Login, changes: dict[str, Any], why: str
) -> None:
    assert refusal(login, token(**changes)) == why


def test_person_without_groups_has_none(login: Login) -> None:
    assert login(token(groups=None)).groups == frozenset()


def test_public_key_used_as_shared_secret_is_refused(login: Login) -> None:
    pem = RSA.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = jwt.PyJWS().encode(json.dumps(CLAIMS).encode(), base64.b64encode(pem), "HS256", {"kid": "rsa"})
    assert refusal(login, signed) == "algorithm"


def test_shared_secret_in_the_key_set_is_never_used(login: Login) -> None:
    secret = "secret-secret-secret-secret-secret"
    assert refusal(login, token(secret, "HS256", "shared")) == "algorithm"
    assert refusal(login, token(KEY, "EdDSA", "shared")) == "key"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "ES256K", "PS256", None])
def test_unsigned_token_is_refused(login: Login, algorithm: str | None) -> None:
    assert refusal(login, forged({"alg": algorithm, "kid": "ed"})) == "algorithm"


def test_signature_of_another_key_does_not_fit(login: Login) -> None:
    assert refusal(login, token(ed25519.Ed25519PrivateKey.generate())) == "signature"
    assert refusal(login, token(RSA, "RS256", "ed")) == "algorithm"


def test_stripped_signature_does_not_fit(login: Login) -> None:
    assert refusal(login, token().rpartition(".")[0] + ".") == "signature"


@pytest.mark.parametrize(("kid", "why"), [("unknown", "key"), (None, "key")])
def test_token_names_a_known_key(login: Login, kid: str | None, why: str) -> None:
    assert refusal(login, token(kid=kid)) == why


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "..", "é.é.é", "x" * 20_000])
def test_what_is_no_token_proves_nobody(login: Login, text: str) -> None:
    assert refusal(login, text) == "malformed"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic YTpi"])
def test_header_without_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        bearer(header)


def test_configured_issuer_needs_its_keys_over_https_or_in_a_file(clock: SetClock, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Authenticator.configured(AuthSettings(issuer=ISSUER), clock)
    for place in ("http://issuer.example/jwks", str(tmp_path / "absent.json")):
        with pytest.raises(Misconfigured):
            keys_at(place)


async def test_issuer_that_does_not_answer_is_unavailable_not_a_refused_login() -> None:
    with pytest.raises(Unavailable):
        await keys_at("https://127.0.0.1:9/jwks").find("ed")


def test_key_set_of_shared_secrets_alone_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}]}))
    with pytest.raises(Misconfigured):
        KeyFile(file)


def demo_settings(home: Path, issuer: str | None = None) -> Settings:
    return Settings(_env_file=None, home=home, auth=AuthSettings(issuer=issuer))


def files(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def test_demo_people_are_marked_and_prove_themselves(tmp_path: Path, clock: SetClock) -> None:
    settings = demo_settings(tmp_path)
    auth = ensure_demo(settings, clock)
    for name, person in PEOPLE.items():
        assert await auth.person(demo_token(settings, name)) == person
        assert person.name.endswith("(demo)")


def test_demo_start_twice_keeps_key_and_tokens(tmp_path: Path, clock: SetClock) -> None:
    settings = demo_settings(tmp_path)
    ensure_demo(settings, clock)
    before = files(tmp_path)
    ensure_demo(settings, clock)
    assert before == files(tmp_path)


def test_demo_secrets_are_readable_by_their_owner_alone(tmp_path: Path, clock: SetClock) -> None:
    ensure_demo(demo_settings(tmp_path), clock)
    issuer = DemoIssuer(tmp_path)
    for file in (issuer.key_file, issuer.token_file("advisor")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    issuer.key_file.chmod(0o644)
    with pytest.raises(Misconfigured):
        ensure_demo(demo_settings(tmp_path), clock)


def test_demo_people_do_not_exist_beside_a_configured_issuer(tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(Misconfigured):
        ensure_demo(demo_settings(tmp_path, issuer=ISSUER), clock)
    assert not list(tmp_path.iterdir())


def test_bank_database_without_an_issuer_stops_the_start(tmp_path: Path, clock: SetClock) -> None:
    settings = demo_settings(tmp_path).model_copy(update={"database_url": "postgresql://bank/own"})
    with pytest.raises(Misconfigured, match="ISSUER"):
        authenticator(settings, clock)
