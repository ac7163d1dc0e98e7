"""The only place that reads the environment. Every setting has a sane default for the demo and a line here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ModelSettings(BaseModel):
    """Any OpenAI-compatible endpoint. Without ``BASE_URL`` playbooks do the work."""

    base_url: str | None = None
    api_key: SecretStr = SecretStr("")
    routine: str = ""  # model name per tier; an empty tier falls back to the next one that is set
    standard: str = ""
    advanced: str = ""
    fallback: str = ""  # asked when the tier's model fails; then the playbook works
    fallback_base_url: str | None = None  # default: ``base_url``
    fallback_api_key: SecretStr | None = None  # default: ``api_key``, at the same address only
    judge: str = ""  # reviews judgements; default: the tier's own model under the judge's prompt
    temperature: float = 0.0


class AuthSettings(BaseModel):
    """Who issues tokens. Unset: the demo's own issuer, whose key is made at first start."""

    issuer: str | None = None
    audience: str = "countersign"
    jwks: str | None = None  # path of a JWKS file, or its https address
    groups_claim: str = "groups"
    country_claim: str = "country"  # in which country the person is; without it, nobody knows


class Settings(BaseSettings):
    """Settings of every process."""

    model_config = SettingsConfigDict(
        env_prefix="COUNTERSIGN_", env_nested_delimiter="__", env_file=".env", extra="ignore"
    )

    database_url: Annotated[str | None, Field(validation_alias="DATABASE_URL")] = None
    home: Path = Path(".state")  # embedded database, key file, demo tokens
    key_file: Path | None = None  # 32 bytes, mode 0600; default <home>/vault.key
    record_key_file: Path | None = None  # signs the record: 32 bytes, mode 0600; default <home>/record.key
    record_name: Annotated[str, Field(pattern=r"^[^\s+]{1,120}$")] = (
        "countersign.demo/record"  # of the log, as in its verifier key: a name of the bank's own
    )
    notes_folder: Path | None = None  # signed roots, outside the database; default <home>/notes
    anchor_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0  # between two signed roots
    sanctions_list: Path | None = None  # folder with sdn.csv, alt.csv, add.csv; default: the demo list
    conforming_limits: Path | None = (
        None  # the agency's county file of the year; default: the book's baseline
    )
    pep_list: Path | None = None  # politically exposed persons, in the same layout; default: the demo list
    adverse_media_list: Path | None = None  # reports, in the same layout; default: the demo list
    bank_url: str | None = None  # core banking system
    bank_token_file: Path | None = None
    model: ModelSettings = ModelSettings()
    auth: AuthSettings = AuthSettings()
    mode: Literal["live", "sandbox"] = "live"
    runner_concurrency: Annotated[int, Field(ge=1, le=64)] = 4
    sweep_seconds: Annotated[float, Field(gt=0, le=300)] = 2.0
    stall_seconds: Annotated[float, Field(gt=0, le=3600)] = 20.0
    pool_size: Annotated[int, Field(ge=2, le=100)] = 12
    most_bytes: Annotated[int, Field(ge=1024)] = 20_000_000  # of one upload
    ahead_days: Annotated[int, Field(ge=0, le=3650)] = 0  # moves the clock (recovery drills)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    port: Annotated[int, Field(ge=1, le=65535)] = (
        8700  # of the API, on 127.0.0.1; put your own proxy in front
    )
    api_url: str | None = None  # where the command line finds the API; default: ``port`` on 127.0.0.1
    token: SecretStr | None = None  # the command line's bearer token (demo people: --as NAME)
    metrics_port: Annotated[int | None, Field(ge=1, le=65535)] = None  # a runner's own counters, on 127.0.0.1
    otlp_endpoint: Annotated[str | None, Field(validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")] = None
    langsmith_tracing: Annotated[bool, Field(validation_alias="LANGSMITH_TRACING")] = False
    langsmith_endpoint: Annotated[str | None, Field(validation_alias="LANGSMITH_ENDPOINT")] = None
    langsmith_api_key: Annotated[SecretStr, Field(validation_alias="LANGSMITH_API_KEY")] = SecretStr("")
    langsmith_project: Annotated[str, Field(validation_alias="LANGSMITH_PROJECT")] = "countersign"

    @property
    def vault_key(self) -> Path:
        """Where the key file is."""
        return self.key_file or self.home / "vault.key"

    @property
    def record_key(self) -> Path:
        """Where the key is that signs the record."""
        return self.record_key_file or self.home / "record.key"

    @property
    def notes(self) -> Path:
        """Where signed roots stand outside the database; one folder for all processes."""
        return self.notes_folder or self.home / "notes"
