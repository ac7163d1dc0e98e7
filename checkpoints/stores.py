"""The stores that need a database, the ledger and the clock and nothing else: the same for a process and a replay."""

from __future__ import annotations

from typing import TypedDict

from checkpoints.autonomy import AutonomyLevels
from checkpoints.cases import Cases
from checkpoints.conditions import Conditions
from checkpoints.database import Database
from checkpoints.drift import Drift
from checkpoints.golden import GoldenResults
from checkpoints.incidents import Incidents
from checkpoints.information import Information
from checkpoints.ledger import Ledger
from checkpoints.proposals import Proposals
from checkpoints.records import Records
from checkpoints.referrals import Referrals
from checkpoints.timers import Timers
from checkpoints.waivers import Waivers
from domain.clock import Clock


class Stores(TypedDict):
    """By the name under which nodes find them."""

    records: Records
    cases: Cases
    proposals: Proposals
    autonomy: AutonomyLevels
    drift: Drift
    golden: GoldenResults
    incidents: Incidents
    timers: Timers
    conditions: Conditions
    waivers: Waivers
    information: Information
    referrals: Referrals


def stores(database: Database, ledger: Ledger, clock: Clock) -> Stores:
    """All of them over one database."""
    return Stores(
        records=Records(database),
        cases=Cases(database),
        proposals=Proposals(database),
        autonomy=AutonomyLevels(database, ledger, clock),
        drift=Drift(database, ledger, clock),
        golden=GoldenResults(database, ledger, clock),
        incidents=Incidents(database, ledger, clock),
        timers=Timers(database, ledger),
        conditions=Conditions(database),
        waivers=Waivers(database),
        information=Information(database),
        referrals=Referrals(database, ledger, clock),
    )
