"""Tools read source records with a role that sees nothing else and writes nothing."""

from __future__ import annotations

import psycopg
import pytest

from checkpoints.records import SQL
from graphs.services import Services


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("delete from source.records", psycopg.errors.Error),
        ("select * from countersign.vault", psycopg.errors.InsufficientPrivilege),
        ("select * from countersign.journal", psycopg.errors.InsufficientPrivilege),
    ],
)
async def test_the_reader_sees_source_records_only(
    services: Services, statement: str, refusal: type[psycopg.Error]
) -> None:
    with pytest.raises(refusal):
        async with services.database.transaction() as connection:
            await connection.execute(SQL["read_only"])
            await connection.execute(SQL["as_reader"])
            await connection.execute(statement)


async def test_the_transaction_of_a_read_writes_nothing_even_without_the_role(services: Services) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        async with services.database.transaction() as connection:
            await connection.execute(SQL["read_only"])
            await connection.execute("delete from source.records")
