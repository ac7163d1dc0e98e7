"""Finds the certified question that is closest to what was asked: Postgres' full text, nothing learned."""

from __future__ import annotations

from collections.abc import Sequence

from checkpoints.database import Database
from checkpoints.queries import load

SQL = load("questions")


async def closest(database: Database, asked: str, phrasings: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Questions by how well they match, best first, in basis points of shared words (10,000: the same words).

    Args:
        database: whose dictionary stems the words.
        asked: the words of the question, without references and figures.
        phrasings: pairs of question id and one of its wordings.
    """
    ids, texts = [each[0] for each in phrasings], [each[1] for each in phrasings]
    rows = await database.rows(SQL["closest"], asked, ids, texts)
    return {row["id"]: row["match_bps"] for row in rows}
