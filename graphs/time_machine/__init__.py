"""Time travel: moments of a case in plain words, what was known then, and what-if copies."""

from graphs.time_machine.fork import fork
from graphs.time_machine.moments import Moment, history, show

__all__ = ["Moment", "fork", "history", "show"]
