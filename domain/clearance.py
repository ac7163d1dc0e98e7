"""A false positive that compliance cleared: for whom, which entry of which list, as it stood then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.identity import Record


class Clearance(Record):
    """Remembered across cases. It covers this party and this version of this entry, and nothing else."""

    subject: str  # keyed hash of the normalised identity, hexadecimal; no identity in it
    list_name: str  # ``sanctions``
    entry_number: str
    entry_version: str  # digest of what the list said; a changed entry is another version
    approval_id: str  # of the compliance decision
    cleared_at: datetime  # when compliance decided

    def last_day(self, valid_days: int) -> date:
        """The last day (UTC) on which it counts: that of the decision and so many after it."""
        return self.cleared_at.astimezone(UTC).date() + timedelta(days=valid_days)
