"""The named queries that a step of a case uses, each answered over rows in memory as its SQL would.

A read gives rows, a write gives how many rows it changed. Kept beside the SQL that they stand in for: a replay of
every kind of case holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from checkpoints.approvals import SQL as APPROVALS
from checkpoints.autonomy import SQL as AUTONOMY
from checkpoints.books import SQL as BOOKS
from checkpoints.breakers import SQL as BREAKERS
from checkpoints.cases import SQL as CASES
from checkpoints.clearances import SQL as CLEARANCES
from checkpoints.conditions import SQL as CONDITIONS
from checkpoints.golden import SQL as GOLDEN
from checkpoints.halts import SQL as HALTS
from checkpoints.information import SQL as INFORMATION
from checkpoints.intended import SQL as BOUNDS
from checkpoints.journal import SQL as JOURNAL
from checkpoints.lease import SQL as LEASE
from checkpoints.outbox import SQL as EFFECTS
from checkpoints.records import SQL as RECORDS
from checkpoints.referrals import SQL as REFERRALS
from checkpoints.spending import SQL as SPENDING
from checkpoints.standing import SQL as STANDING
from checkpoints.timers import SQL as TIMERS
from checkpoints.vault import SQL as VAULT
from checkpoints.waivers import SQL as WAIVERS
from domain.errors import Misconfigured

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Statement = Callable[[Tables, Any], list[Row] | int]
COLUMNS = re.compile(r"insert into [a-z_.]+\s*\(([^)]*)\)")
ORDERED = (
    "status",
    "authority",
    "reason",
    "waits_until",
    "updated_at",
)  # what an order that stands anew brings
CALL = ("case_id", "assignment", "attempt", "digest", "n")
UNSENT = ("held", "waiting", "intended")


def _where(rows: Iterable[Row], **equal: Any) -> list[Row]:
    return [row for row in rows if all(row[name] == value for name, value in equal.items())]


def _set(rows: list[Row], **values: Any) -> int:
    for row in rows:
        row.update(values)
    return len(rows)


def _nothing(_: Tables, __: Any) -> int:
    return 0


def _none(_: Tables, __: Any) -> list[Row]:
    return []


def _get(table: str, name: str) -> Statement:
    return lambda tables, given: _where(tables[table], **{name: given[0]})


def _add(table: str, insert: str, *key: str, **more: Any) -> Statement:
    """Insert a row once per key; the columns are those of the statement."""

    def add(tables: Tables, given: Any) -> int:
        row = {**more, **_row(insert, given)}
        if _where(tables[table], **{name: row[name] for name in key}):
            return 0
        tables[table].append(row)
        return 1

    return add


def _row(insert: str, given: Any) -> Row:
    found = COLUMNS.search(insert)
    if found is None:
        raise Misconfigured(f"no columns in {insert}")
    return dict(zip((name.strip() for name in found[1].split(",")), given, strict=True))


# --- the case, its journal and its vault -------------------------------------------------------------------------


def _open_case(tables: Tables, given: Row) -> int:
    tables["cases"].append({**given, "closed_at": None, "outcome": None})
    return 1


def _ancestors(tables: Tables, given: Any) -> list[Row]:
    parents = {row["id"]: row["parent"] for row in tables["cases"]}
    found, here = [], parents.get(given[0])
    while here is not None:
        found.append({"id": here})
        here = parents.get(here)
    return found


def _set_status(tables: Tables, given: Any) -> int:
    status, case_id = given
    return _set(
        [row for row in _where(tables["cases"], id=case_id) if row["status"] != "closed"], status=status
    )


def _close_case(tables: Tables, given: Any) -> int:
    status, outcome, at, case_id = given
    return _set(_where(tables["cases"], id=case_id), status=status, outcome=outcome, closed_at=at)


def _answer_call(tables: Tables, given: Any) -> int:
    response, at, *key = given
    rows = _where(tables["journal"], **dict(zip(CALL, key, strict=True)), response=None)
    return _set(rows, response=response, answered_at=at)


def _recall(tables: Tables, given: Any) -> list[Row]:
    return _where(tables["journal"], **dict(zip(CALL, given, strict=True)))


# --- what comes from outside: records, timers, conditions, waivers -----------------------------------------------


def _keep_record(tables: Tables, given: Row) -> int:
    if _where(tables["records"], case_id=given["case"], event_id=given["event"]):
        return 0
    row = {name: given[name] for name in ("kind", "party", "body", "digest", "sent")}
    tables["records"].append(
        {**row, "id": len(tables["records"]) + 1, "case_id": given["case"], "event_id": given["event"],
         "received_at": given["at"]}
    )  # fmt: skip
    return 1


def _records_of_kind(tables: Tables, given: Any) -> list[Row]:
    cases, kind, until = given
    return [
        r for r in _where(tables["records"], kind=kind) if r["case_id"] in cases and r["received_at"] <= until
    ]


def _count_records(tables: Tables, given: Any) -> list[Row]:
    cases, until, _ = given
    counted: dict[str, int] = {}
    for row in tables["records"]:
        if row["case_id"] in cases and (until is None or row["received_at"] <= until):
            counted[row["kind"]] = counted.get(row["kind"], 0) + 1
    return [{"kind": kind, "records": number} for kind, number in counted.items()]


def _fired(tables: Tables, given: Any) -> list[Row]:
    return [
        row
        for row in _where(tables["timers"], case_id=given[0], name=given[1])
        if row["fired_at"] is not None
    ]


def _open_condition(tables: Tables, given: Row) -> int:
    known = _where(tables["conditions"], case_id=given["case_id"], code=given["code"])
    if not known:
        tables["conditions"].append({**given, "waived": False})
        return 1
    (row,) = known
    if (row["met_at"] is not None and not row["waived"]) or row["approval"] == given["approval"]:
        return 0
    anew = ("before", "opened_at", "due_at") if row["waived"] else ()
    return _set([row], approval=given["approval"], met_at=None, met_by=None, waived=False,
                **{name: given[name] for name in anew})  # fmt: skip


def _conditions(tables: Tables, given: Any) -> list[Row]:
    return sorted(_where(tables["conditions"], case_id=given[0]), key=lambda row: (row["stage"], row["code"]))


def _meet(tables: Tables, given: Any) -> int:
    at, by, case_id, code = given
    return _set(_where(tables["conditions"], case_id=case_id, code=code, met_at=None), met_at=at, met_by=by)


def _record_after(tables: Tables, given: Any) -> list[Row]:
    case_id, kind, before = given
    return _where(tables["records"], case_id=case_id, kind=kind)[before : before + 1]


def _confirmed(tables: Tables, given: Any) -> list[Row]:
    case_id, code = given
    said = _where(tables["records"], case_id=case_id, kind="condition_met")
    return [row for row in said if row["body"].get("condition") == code][:1]


def _waivers(tables: Tables, given: Any) -> list[Row]:
    status = {row["id"]: row["status"] for row in tables["approvals"]}
    asked = _where(tables["waivers"], case_id=given[0])
    return [
        {**row, "status": status[row["approval_id"]]}
        for row in sorted(asked, key=lambda row: (row["asked_at"], row["approval_id"]))
    ]


def _granted(tables: Tables, given: Any) -> list[Row]:
    waivers, found = _waivers(tables, given), []
    for condition in sorted(
        _where(tables["conditions"], case_id=given[0], met_at=None), key=lambda c: c["code"]
    ):
        of_it = _where(
            waivers, condition=condition["code"], approval=condition["approval"], status="approved"
        )
        for waiver in (each for each in of_it if _all_approved(tables, each["approval_id"])):
            found.append(
                {
                    name: {**condition, **waiver}[name]
                    for name in ("code", "stage", "approval_id", "reason_code")
                }
            )
            break
    return found


def _all_approved(tables: Tables, approval_id: str) -> bool:
    said = _where(tables["decisions"], approval_id=approval_id)
    return all(row["decision"]["verb"] == "approve" for row in said)


def _waive(tables: Tables, given: Any) -> int:
    at, by, case_id, code = given
    rows = _where(tables["conditions"], case_id=case_id, code=code, met_at=None)
    return _set(rows, met_at=at, met_by=by, waived=True)


# --- the desk and the outbox -------------------------------------------------------------------------------------


def _said(tables: Tables, given: Any) -> list[Row]:
    said = _where(tables["decisions"], approval_id=given[0])
    return sorted(said, key=lambda row: (row["at"], row["person"]))


def _settle(tables: Tables, given: Any) -> int:
    return _set(_where(tables["approvals"], id=given[1]), status=given[0], claimed_by=None)


def _withdraw(tables: Tables, given: Any) -> int:
    return _set(_where(tables["approvals"], id=given[1], status="pending"), status=given[0], claimed_by=None)


def _escalate(tables: Tables, given: Any) -> int:
    return _set(_where(tables["approvals"], id=given[2]), groups=given[0], due_at=given[1])


def _intend(tables: Tables, given: Any) -> int:
    row = _row(EFFECTS["intend"], given)
    known = _where(tables["effects"], key=row["key"])
    if not known:
        tables["effects"].append({**row, "receipt": None, "read_back": None})
        return 1
    anew = {name: row[name] for name in ORDERED}
    return _set([each for each in known if each["status"] in UNSENT], **anew)


def _move(tables: Tables, given: Any) -> int:
    status, receipt, read_back, at, key = given
    for row in _where(tables["effects"], key=key):
        row.update(status=status, updated_at=at, receipt=receipt or row["receipt"])
        row["read_back"] = row["read_back"] if read_back is None else read_back
    return 1


def _resume(tables: Tables, given: Any) -> int:
    tables["halts"] = [row for row in tables["halts"] if row["target"] != given[0]]
    return 1


def _level(tables: Tables, given: Any) -> list[Row]:
    return _where(tables["autonomy"], specialist=given[0], workflow=given[1])


def _move_level(tables: Tables, given: Row) -> int:
    known = _where(tables["autonomy"], specialist=given["specialist"], workflow=given["workflow"])
    if not known:
        tables["autonomy"].append(dict(given))
        return 1
    return _set(known, **given)


def _withheld(tables: Tables, given: Any) -> list[Row]:
    use_id, levels = given
    (use,) = _where(tables["standing"], id=use_id)
    (case,) = _where(tables["cases"], id=use["case_id"])
    moved = _where(tables["autonomy"], workflow=case["kind"])
    behind = [row for row in moved if row["level"] in levels and row["specialist"] in use["specialists"]]
    return sorted(behind, key=lambda row: row["specialist"])


def _keep_run(tables: Tables, given: Row) -> int:
    tables["golden"].append(dict(given))
    return 1


def _newest_run(tables: Tables, given: Any) -> list[Row]:
    runs = _where(tables["golden"], specialist=given[0], model=given[1], version=given[2])
    return sorted(runs, key=lambda row: row["ran_at"], reverse=True)[:1]


def _used_today(tables: Tables, given: Any) -> list[Row]:
    used = _where(tables["standing"], boundary=given[0], day=given[1])
    return [{"uses": len(used), "cents": sum(row["amount_cents"] for row in used)}]


STATEMENTS: dict[str, Statement] = {
    BOOKS["live"]: _none,  # the books of a replay are those that are on record
    CASES["insert"]: _open_case,
    CASES["get"]: _get("cases", "id"),
    CASES["ancestors"]: _ancestors,
    CASES["set_status"]: _set_status,
    CASES["set_workflow"]: lambda tables, given: _set(
        _where(tables["cases"], id=given[1]), workflow=given[0]
    ),
    CASES["close"]: _close_case,
    LEASE["take"]: lambda _, __: [{"epoch": 1}],
    JOURNAL["without_waiting"]: _nothing,
    JOURNAL["ask"]: _add("journal", JOURNAL["ask"], *CALL, response=None, answered_at=None),
    JOURNAL["answer"]: _answer_call,
    JOURNAL["recall"]: _recall,
    JOURNAL["calls"]: _get("journal", "case_id"),
    VAULT["put_key"]: _add("keys", VAULT["put_key"], "case_id"),
    VAULT["get_key"]: _get("keys", "case_id"),
    VAULT["put_value"]: _add("vault", VAULT["put_value"], "case_id", "token"),
    VAULT["values"]: _get("vault", "case_id"),
    RECORDS["insert"]: _keep_record,
    RECORDS["of_kind"]: _records_of_kind,
    RECORDS["counts"]: _count_records,
    RECORDS["read_only"]: _nothing,
    RECORDS["as_reader"]: _nothing,
    TIMERS["set"]: _add("timers", TIMERS["set"], "case_id", "name", fired_at=None),
    TIMERS["fired"]: _fired,
    CONDITIONS["open"]: _open_condition,
    CONDITIONS["of_case"]: _conditions,
    CONDITIONS["meet"]: _meet,
    CONDITIONS["events"]: _record_after,
    CONDITIONS["confirmed"]: _confirmed,
    WAIVERS["keep"]: _add("waivers", WAIVERS["keep"], "approval_id"),
    WAIVERS["of_case"]: _waivers,
    WAIVERS["granted"]: _granted,
    WAIVERS["apply"]: _waive,
    INFORMATION["ask"]: _add("information", INFORMATION["ask"], "case_id", "name", ended=None),
    INFORMATION["answer"]: lambda t, g: _set(
        _where(t["information"], case_id=g[1], name=g[2], ended=None), ended=g[0]
    ),
    INFORMATION["lapse"]: lambda t, g: _set(
        _where(t["information"], case_id=g[1], name=g[2], ended=None), ended=g[0]
    ),
    REFERRALS["open"]: _nothing,
    CLEARANCES["remember"]: _nothing,
    APPROVALS["insert"]: _add("approvals", APPROVALS["insert"], "id", claimed_by=None),
    APPROVALS["get"]: _get("approvals", "id"),
    APPROVALS["decide"]: _add("decisions", APPROVALS["decide"], "approval_id", "person"),
    APPROVALS["decisions"]: _said,
    APPROVALS["settle"]: _settle,
    APPROVALS["withdraw"]: _withdraw,
    APPROVALS["escalate"]: _escalate,
    EFFECTS["lock"]: _get("effects", "key"),
    EFFECTS["intend"]: _intend,
    EFFECTS["move"]: _move,
    EFFECTS["halted"]: lambda tables, given: [row for row in tables["halts"] if row["target"] in given[0]],
    HALTS["halt"]: _add("halts", HALTS["halt"], "target"),
    HALTS["resume"]: _resume,
    BOUNDS["release"]: _nothing,
    BOUNDS["release_unsent"]: _nothing,
    STANDING["lock_day"]: _nothing,
    STANDING["get"]: _get("standing", "id"),
    STANDING["used"]: _used_today,
    STANDING["insert"]: _add("standing", STANDING["insert"], "id"),
    AUTONOMY["of_workflow"]: _get("autonomy", "workflow"),
    AUTONOMY["one"]: _level,
    AUTONOMY["lock"]: _nothing,
    AUTONOMY["move"]: _move_level,
    AUTONOMY["withheld"]: _withheld,
    GOLDEN["keep"]: _keep_run,
    GOLDEN["of_version"]: _newest_run,
    BREAKERS["state"]: lambda _, __: [{"failures": 0, "open": False}],
    BREAKERS["ensure"]: _nothing,
    BREAKERS["fail"]: _none,
    HALTS["of_call"]: _none,
    SPENDING["charged"]: lambda _, __: [{"tokens": 0, "cost_microusd": 0}],
    SPENDING["waited"]: lambda _, __: [{"waited": timedelta(0)}],
}
