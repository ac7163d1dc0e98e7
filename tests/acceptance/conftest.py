"""The same Postgres, database and bank as integration tests have."""

from tests.integration.conftest import *  # noqa: F403 - fixtures are found by name
