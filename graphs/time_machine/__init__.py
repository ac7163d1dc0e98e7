"""Time travel: moments of a case, what was known then, what-if copies, exact replay, migration."""

from graphs.time_machine.comparing import Comparison, compare
from graphs.time_machine.fork import Instead, fork
from graphs.time_machine.migrating import Migration, migrate, preview
from graphs.time_machine.moments import Moment, history, show
from graphs.time_machine.record import CaseRecord, read_record
from graphs.time_machine.replaying import Replayed, replay

__all__ = [
    "CaseRecord",
    "Comparison",
    "Instead",
    "Migration",
    "Moment",
    "Replayed",
    "compare",
    "fork",
    "history",
    "migrate",
    "preview",
    "read_record",
    "replay",
    "show",
]
