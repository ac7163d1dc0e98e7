"""The named queries that a step of a case uses, each answered over rows in memory as its SQL would.

A read gives rows, a write gives how many rows it changed. Kept beside the SQL that they stand in for: a replay of
every kind of case holds the two together.
"""

from __future__ import annotations

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
from checkpoints.in_memory.tables import (
    Row,
    Statement,
    Tables,
    add_once,
    change,
    no_rows,
    nothing,
    row_of,
    rows_by,
    where,
)
from checkpoints.information import SQL as INFORMATION
from checkpoints.intended import SQL as BOUNDS
from checkpoints.journal import SQL as JOURNAL
from checkpoints.lease import SQL as LEASE
from checkpoints.outbox import SQL as EFFECTS
from checkpoints.quarantine import SQL as QUARANTINE
from checkpoints.records import SQL as RECORDS
from checkpoints.referrals import SQL as REFERRALS
from checkpoints.spending import SQL as SPENDING
from checkpoints.standing import SQL as STANDING
from checkpoints.timers import SQL as TIMERS
from checkpoints.vault import SQL as VAULT
from checkpoints.waivers import SQL as WAIVERS

ORDERED = (
    "status",
    "authority",
    "reason",
    "waits_until",
    "updated_at",
)  # what an order that stands anew brings
CALL = ("case_id", "assignment", "attempt", "digest", "n")
UNSENT = ("held", "waiting", "intended")


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
    return change(
        [row for row in where(tables["cases"], id=case_id) if row["status"] != "closed"], status=status
    )


def _close_case(tables: Tables, given: Any) -> int:
    status, outcome, at, case_id = given
    return change(where(tables["cases"], id=case_id), status=status, outcome=outcome, closed_at=at)


def _answer_call(tables: Tables, given: Any) -> int:
    response, at, *key = given
    rows = where(tables["journal"], **dict(zip(CALL, key, strict=True)), response=None)
    return change(rows, response=response, answered_at=at)


def _recall(tables: Tables, given: Any) -> list[Row]:
    return where(tables["journal"], **dict(zip(CALL, given, strict=True)))


# --- what comes from outside: records, timers, conditions, waivers -----------------------------------------------


def _keep_record(tables: Tables, given: Row) -> int:
    if where(tables["records"], case_id=given["case"], event_id=given["event"]):
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
        r for r in where(tables["records"], kind=kind) if r["case_id"] in cases and r["received_at"] <= until
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
        row for row in where(tables["timers"], case_id=given[0], name=given[1]) if row["fired_at"] is not None
    ]


def _open_condition(tables: Tables, given: Row) -> int:
    known = where(tables["conditions"], case_id=given["case_id"], code=given["code"])
    if not known:
        tables["conditions"].append({**given, "waived": False})
        return 1
    (row,) = known
    if (row["met_at"] is not None and not row["waived"]) or row["approval"] == given["approval"]:
        return 0
    anew = ("before", "opened_at", "due_at") if row["waived"] else ()
    return change([row], approval=given["approval"], met_at=None, met_by=None, waived=False,
                **{name: given[name] for name in anew})  # fmt: skip


def _conditions(tables: Tables, given: Any) -> list[Row]:
    return sorted(where(tables["conditions"], case_id=given[0]), key=lambda row: (row["stage"], row["code"]))


def _meet(tables: Tables, given: Any) -> int:
    at, by, case_id, code = given
    return change(where(tables["conditions"], case_id=case_id, code=code, met_at=None), met_at=at, met_by=by)


def _record_after(tables: Tables, given: Any) -> list[Row]:
    case_id, kind, before = given
    return where(tables["records"], case_id=case_id, kind=kind)[before : before + 1]


def _confirmed(tables: Tables, given: Any) -> list[Row]:
    case_id, code = given
    said = where(tables["records"], case_id=case_id, kind="condition_met")
    return [row for row in said if row["body"].get("condition") == code][:1]


def _waivers(tables: Tables, given: Any) -> list[Row]:
    status = {row["id"]: row["status"] for row in tables["approvals"]}
    asked = where(tables["waivers"], case_id=given[0])
    return [
        {**row, "status": status[row["approval_id"]]}
        for row in sorted(asked, key=lambda row: (row["asked_at"], row["approval_id"]))
    ]


def _granted(tables: Tables, given: Any) -> list[Row]:
    waivers, found = _waivers(tables, given), []
    for condition in sorted(
        where(tables["conditions"], case_id=given[0], met_at=None), key=lambda c: c["code"]
    ):
        of_it = where(waivers, condition=condition["code"], approval=condition["approval"], status="approved")
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
    said = where(tables["decisions"], approval_id=approval_id)
    return all(row["decision"]["verb"] == "approve" for row in said)


def _waive(tables: Tables, given: Any) -> int:
    at, by, case_id, code = given
    rows = where(tables["conditions"], case_id=case_id, code=code, met_at=None)
    return change(rows, met_at=at, met_by=by, waived=True)


# --- the desk and the outbox -------------------------------------------------------------------------------------


def _said(tables: Tables, given: Any) -> list[Row]:
    said = where(tables["decisions"], approval_id=given[0])
    return sorted(said, key=lambda row: (row["at"], row["person"]))


def _settle(tables: Tables, given: Any) -> int:
    return change(where(tables["approvals"], id=given[1]), status=given[0], claimed_by=None)


def _withdraw(tables: Tables, given: Any) -> int:
    return change(where(tables["approvals"], id=given[1], status="pending"), status=given[0], claimed_by=None)


def _escalate(tables: Tables, given: Any) -> int:
    return change(where(tables["approvals"], id=given[2]), groups=given[0], due_at=given[1])


def _intend(tables: Tables, given: Any) -> int:
    row = row_of(EFFECTS["intend"], given)
    known = where(tables["effects"], key=row["key"])
    if not known:
        tables["effects"].append({**row, "receipt": None, "read_back": None})
        return 1
    anew = {name: row[name] for name in ORDERED}
    return change([each for each in known if each["status"] in UNSENT], **anew)


def _move(tables: Tables, given: Any) -> int:
    status, receipt, read_back, at, key = given
    for row in where(tables["effects"], key=key):
        row.update(status=status, updated_at=at, receipt=receipt or row["receipt"])
        row["read_back"] = row["read_back"] if read_back is None else read_back
    return 1


def _resume(tables: Tables, given: Any) -> int:
    tables["halts"] = [row for row in tables["halts"] if row["target"] != given[0]]
    return 1


def _level(tables: Tables, given: Any) -> list[Row]:
    return where(tables["autonomy"], specialist=given[0], workflow=given[1])


def _move_level(tables: Tables, given: Row) -> int:
    known = where(tables["autonomy"], specialist=given["specialist"], workflow=given["workflow"])
    if not known:
        tables["autonomy"].append(dict(given))
        return 1
    return change(known, **given)


def _withheld(tables: Tables, given: Any) -> list[Row]:
    use_id, levels = given
    (use,) = where(tables["standing"], id=use_id)
    (case,) = where(tables["cases"], id=use["case_id"])
    moved = where(tables["autonomy"], workflow=case["kind"])
    behind = [row for row in moved if row["level"] in levels and row["specialist"] in use["specialists"]]
    return sorted(behind, key=lambda row: row["specialist"])


def _keep_run(tables: Tables, given: Row) -> int:
    tables["golden"].append(dict(given))
    return 1


def _newest_run(tables: Tables, given: Any) -> list[Row]:
    runs = where(tables["golden"], specialist=given[0], model=given[1], version=given[2])
    return sorted(runs, key=lambda row: row["ran_at"], reverse=True)[:1]


def _newest_asked(tables: Tables, given: Any) -> list[Row]:
    runs = where(tables["golden"], specialist=given[0], asked_as=given[1], version=given[2])
    return sorted(runs, key=lambda row: row["ran_at"], reverse=True)[:1]


def _used_today(tables: Tables, given: Any) -> list[Row]:
    used = where(tables["standing"], boundary=given[0], day=given[1])
    return [{"uses": len(used), "cents": sum(row["amount_cents"] for row in used)}]


STATEMENTS: dict[str, Statement] = {
    BOOKS["live"]: no_rows,  # the books of a replay are those that are on record
    CASES["insert"]: _open_case,
    CASES["get"]: rows_by("cases", "id"),
    CASES["ancestors"]: _ancestors,
    CASES["set_status"]: _set_status,
    CASES["set_workflow"]: lambda tables, given: change(
        where(tables["cases"], id=given[1]), workflow=given[0]
    ),
    CASES["close"]: _close_case,
    LEASE["take"]: lambda _, __: [{"epoch": 1}],
    JOURNAL["without_waiting"]: nothing,
    JOURNAL["ask"]: add_once("journal", JOURNAL["ask"], *CALL, response=None, answered_at=None),
    JOURNAL["answer"]: _answer_call,
    JOURNAL["recall"]: _recall,
    JOURNAL["calls"]: rows_by("journal", "case_id"),
    VAULT["put_key"]: add_once("keys", VAULT["put_key"], "case_id"),
    VAULT["get_key"]: rows_by("keys", "case_id"),
    VAULT["put_value"]: add_once("vault", VAULT["put_value"], "case_id", "token"),
    VAULT["values"]: rows_by("vault", "case_id"),
    RECORDS["insert"]: _keep_record,
    RECORDS["of_kind"]: _records_of_kind,
    RECORDS["counts"]: _count_records,
    RECORDS["read_only"]: nothing,
    RECORDS["as_reader"]: nothing,
    TIMERS["set"]: add_once("timers", TIMERS["set"], "case_id", "name", fired_at=None),
    TIMERS["fired"]: _fired,
    CONDITIONS["open"]: _open_condition,
    CONDITIONS["of_case"]: _conditions,
    CONDITIONS["meet"]: _meet,
    CONDITIONS["events"]: _record_after,
    CONDITIONS["confirmed"]: _confirmed,
    QUARANTINE["keep"]: add_once("quarantine", QUARANTINE["keep"], "case_id", "token"),
    QUARANTINE["of_cases"]: lambda t, g: [row for row in t["quarantine"] if row["case_id"] in g[0]],
    WAIVERS["keep"]: add_once("waivers", WAIVERS["keep"], "approval_id"),
    WAIVERS["of_case"]: _waivers,
    WAIVERS["granted"]: _granted,
    WAIVERS["apply"]: _waive,
    INFORMATION["ask"]: add_once("information", INFORMATION["ask"], "case_id", "name", ended=None),
    INFORMATION["answer"]: lambda t, g: change(
        where(t["information"], case_id=g[1], name=g[2], ended=None), ended=g[0]
    ),
    INFORMATION["lapse"]: lambda t, g: change(
        where(t["information"], case_id=g[1], name=g[2], ended=None), ended=g[0]
    ),
    REFERRALS["open"]: nothing,
    CLEARANCES["remember"]: nothing,
    APPROVALS["insert"]: add_once("approvals", APPROVALS["insert"], "id", claimed_by=None),
    APPROVALS["get"]: rows_by("approvals", "id"),
    APPROVALS["decide"]: add_once("decisions", APPROVALS["decide"], "approval_id", "person"),
    APPROVALS["decisions"]: _said,
    APPROVALS["settle"]: _settle,
    APPROVALS["withdraw"]: _withdraw,
    APPROVALS["escalate"]: _escalate,
    EFFECTS["lock"]: rows_by("effects", "key"),
    EFFECTS["intend"]: _intend,
    EFFECTS["move"]: _move,
    EFFECTS["halted"]: lambda tables, given: [row for row in tables["halts"] if row["target"] in given[0]],
    HALTS["halt"]: add_once("halts", HALTS["halt"], "target"),
    HALTS["resume"]: _resume,
    BOUNDS["release"]: nothing,
    BOUNDS["release_unsent"]: nothing,
    STANDING["lock_day"]: nothing,
    STANDING["get"]: rows_by("standing", "id"),
    STANDING["used"]: _used_today,
    STANDING["insert"]: add_once("standing", STANDING["insert"], "id"),
    AUTONOMY["of_workflow"]: rows_by("autonomy", "workflow"),
    AUTONOMY["one"]: _level,
    AUTONOMY["lock"]: nothing,
    AUTONOMY["move"]: _move_level,
    AUTONOMY["withheld"]: _withheld,
    GOLDEN["keep"]: _keep_run,
    GOLDEN["of_version"]: _newest_run,
    GOLDEN["asked_as"]: _newest_asked,
    BREAKERS["state"]: lambda _, __: [{"failures": 0, "open": False}],
    BREAKERS["ensure"]: nothing,
    BREAKERS["fail"]: no_rows,
    HALTS["of_call"]: no_rows,
    SPENDING["charged"]: lambda _, __: [{"tokens": 0, "cost_microusd": 0}],
    SPENDING["waited"]: lambda _, __: [{"waited": timedelta(0)}],
}
