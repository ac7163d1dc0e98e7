"""The one tree of errors.

    CountersignError
    ├── BadInput             what was sent cannot be read or is impossible      (names file, row, field, remedy)
    ├── Unauthenticated      nobody proved who they are
    ├── Forbidden            somebody did, and may not do this
    ├── NotFound             no such thing, or not yours to see
    ├── Conflict             it collides with what already happened
    ├── Refused              a gateway said no                                  (names the control)
    │   └── Unavailable      a control or system that is needed does not answer
    ├── Halted               somebody stopped this; it goes on when it is resumed
    │   └── TooSoon          not now; it goes on by itself                      (says until when)
    ├── RecordChanged        what a case has is not as its record says
    ├── StaleWriter          another runner holds the case now
    ├── Divergence           a replay asked something the journal does not hold
    ├── InvalidPolicy        a book is incomplete, contradictory or fails open
    └── Misconfigured        the process must not start like this

Every error has a stable ``code``, a plain message, attributes and a remedy: its own, else that of its kind.
HTTP status is mapped in ``api/http/problems.py`` and nowhere else.
"""

from __future__ import annotations


class CountersignError(Exception):
    """Base of every error that this project raises on purpose."""

    code = "error"
    usual_remedy = ""  # of this kind, where the error itself says none

    def __init__(self, message: str, **attributes: str | int | None) -> None:
        super().__init__(message)
        self.message = message
        self.attributes = {k: v for k, v in attributes.items() if v is not None}

    @property
    def remedy(self) -> str:
        """What to do about it; empty where nobody outside can do anything."""
        return str(self.attributes.get("remedy") or self.usual_remedy)

    def __str__(self) -> str:
        return self.message


def with_remedy(message: str, remedy: object) -> str:
    """What is wrong and what to do about it, as two sentences of one line."""
    return f"{message.removesuffix('.')}. Remedy: {remedy}" if remedy else message


class BadInput(CountersignError):
    """What was sent cannot be read, or says something impossible.

    Args:
        message: what is wrong, in a sentence.
        file: file or document name, if it came in one.
        row: 1-based row or line, if it has rows.
        field: the field, dotted for nested ones.
        remedy: what to do about it.
    """

    code = "bad_input"
    usual_remedy = "correct it and send it again"

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        row: int | None = None,
        field: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, file=file, row=row, field=field, remedy=remedy)

    def __str__(self) -> str:
        """One line: where, what, remedy."""
        parts = [f"{k} {self.attributes[k]}" for k in ("file", "row", "field") if k in self.attributes]
        where = ", ".join(parts) + ": " if parts else ""
        return f"{where}{with_remedy(self.message, self.remedy)}"


class Unauthenticated(CountersignError):
    """Nobody proved who they are."""

    code = "unauthenticated"
    usual_remedy = "send a token that is valid now, as Authorization: Bearer <token>"


class Forbidden(CountersignError):
    """The caller is known and may not do this."""

    code = "forbidden"
    usual_remedy = "ask somebody whom policy allows it, or whoever grants groups in your bank"


class NotFound(CountersignError):
    """No such thing, or not the caller's to see (the two are not told apart)."""

    code = "not_found"
    usual_remedy = "check that it exists and is yours to see"


class Conflict(CountersignError):
    """It collides with what already happened (claimed, decided, closed, other content)."""

    code = "conflict"
    usual_remedy = "read what is there now, then decide whether to send it again"


class Refused(CountersignError):
    """A gateway said no.

    Args:
        message: why, in a sentence.
        control: the control that refused, e.g. ``mandate.tools`` or ``model.budget``.
    """

    code = "refused"

    def __init__(self, message: str, *, control: str, **attributes: str | int | None) -> None:
        super().__init__(message, control=control, **attributes)
        self.control = control


class Unavailable(Refused):
    """A control or a system that is needed does not answer; treated as a refusal."""

    code = "unavailable"
    usual_remedy = "try again in a while; what was not acknowledged was not done"


class Halted(CountersignError):
    """Somebody stopped everything, this kind of case or this case: it stands still and goes on when resumed."""

    code = "halted"
    usual_remedy = "wait until it is resumed, or ask whoever halted it"


class TooSoon(Halted):
    """It may not happen now: the case stands still and goes on by itself.

    Args:
        message: why, in a sentence.
        until: when it may (ISO 8601, UTC).
    """

    code = "too_soon"

    def __init__(self, message: str, *, until: str) -> None:
        super().__init__(message, until=until)
        self.until = until


class RecordChanged(CountersignError):
    """Rows of a case were changed behind its record: nothing goes on from them."""

    code = "record_changed"
    usual_remedy = "see `countersign verify CASE`, restore the rows from a backup, then resume the case"

    def __init__(self, message: str, flaws: tuple[str, ...]) -> None:
        super().__init__(message)
        self.flaws = flaws  # row or event, and what is wrong with it


class StaleWriter(CountersignError):
    """Another runner took the case over; nothing of this transaction was kept."""

    code = "stale_writer"
    usual_remedy = "nothing to do: another runner goes on with the case; read it again"


class Divergence(CountersignError):
    """A replay asked something that the journal does not hold; nothing was sent."""

    code = "divergence"


class InvalidPolicy(CountersignError):
    """A policy book cannot be used as it is written."""

    code = "invalid_policy"


class Misconfigured(CountersignError):
    """A control that the process needs is missing; it does not start."""

    code = "misconfigured"
