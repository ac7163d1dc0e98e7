"""Time travel: moments of a case in plain words, what was known then, what-if copies, and exact replay."""

from graphs.time_machine.fork import fork
from graphs.time_machine.moments import Moment, history, show
from graphs.time_machine.record import CaseRecord, read_record
from graphs.time_machine.replaying import Replayed, replay

__all__ = ["CaseRecord", "Moment", "Replayed", "fork", "history", "read_record", "replay", "show"]
