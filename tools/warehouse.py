"""Source records for tools: read with a read-only role, as they stood when the assignment was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checkpoints.records import Records


class CaseWarehouse:
    """The records of one case and, for a fork, of its ancestors."""

    def __init__(self, records: Records, cases: tuple[str, ...], until: datetime) -> None:
        self._records = records
        self._cases = cases
        self._until = until

    async def records(self, kind: str, party: str | None = None) -> list[dict[str, Any]]:
        """Records of one kind (and party) that had arrived by then, oldest first."""
        found = await self._records.of_kind(self._cases, kind, self._until)
        return [record for record in found if party is None or record.get("party") == party]
