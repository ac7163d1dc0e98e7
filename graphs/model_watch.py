"""The watch over models: freezes what is normal, looks whether it still is, and lowers who it is not true of.

Owns which findings count (since the reference was frozen, and since the level was last moved) and by how much a
breach lowers: one level. Never raises one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.drift import Reading, frozen, readings
from audit.model_level import DriftFound
from checkpoints.answers import require_reason
from checkpoints.autonomy import Place
from checkpoints.database import Connection
from checkpoints.drift import Reference
from checkpoints.ledger import OPS
from checkpoints.timers import Timers
from domain.autonomy import Level, one_below
from domain.errors import Conflict
from graphs.autonomy import levels_of
from graphs.proof_runs import prove_due
from graphs.services import Services

MONITOR = "drift monitor"
MODELS = "models"  # stands in the queue where a case's id does
EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """One specialist in one workflow against its reference."""

    reference: Reference
    since: datetime
    findings: int  # of the reference's version
    others: int  # of versions without a reference
    level: Level
    readings: tuple[Reading, ...]

    @property
    def breaches(self) -> tuple[Reading, ...]:
        """Measures whose mix is another one."""
        return tuple(each for each in self.readings if each.breached)


async def freeze(here: Services, place: Place, reason: str, by: str) -> Reference:
    """Take the newest findings of the version that works now as what is normal; its book says how many.

    Raises:
        BadInput: the reason has no words.
        Conflict: too few findings of this version by now.
    """
    require_reason(reason)
    wanted = (await here.books.current(place.workflow)).rules.autonomy.drift.reference
    seen = await here.drift.seen(place)
    version = seen[-1].version if seen else None
    own = [each.observation for each in seen if each.version == version][-wanted:]
    if version is None or len(own) < wanted:
        by_whom = f" by {version}" if version else " by a model"
        raise Conflict(f"{place} has {len(own)} findings{by_whom}; the book wants {wanted} for a reference")
    reference = Reference(place, version, here.clock.now(), len(own), frozen(own), by, reason)
    await here.drift.freeze(reference)
    return reference


async def look(here: Services) -> list[Watched]:
    """Every reference against what came since; moves nothing."""
    return [await _look(here, each) for each in await here.drift.references()]


async def set_watch(connection: Connection, now: datetime) -> None:
    """Have the models looked at when the next hour begins; once, whoever asks."""
    hour = now.replace(minute=0, second=0, microsecond=0) + EVERY
    await Timers.set(connection, MODELS, hour.isoformat(), hour)


async def watch_models(here: Services) -> None:
    """What is done every hour: drift is measured, and golden sets that are due run."""
    await watch_drift(here)
    await prove_due(here)


async def watch_drift(here: Services) -> list[Watched]:
    """Look, and lower by one level where a measure breached; what breached is on record."""
    found = await look(here)
    for each in found:
        if each.breaches:
            await _lowered(here, each)
    return found


async def _look(here: Services, reference: Reference) -> Watched:
    place = reference.place
    book = (await here.books.current(place.workflow)).on(here.clock.now().date())
    stood = await here.autonomy.stood(place)
    since = max(reference.frozen_at, stood.since or reference.frozen_at)
    seen = await here.drift.seen(place, since)
    own = [each.observation for each in seen if each.version == reference.version]
    rule = book.rules.autonomy.drift
    read = readings(reference.counts, own, window=rule.window, false_alarm_bps=rule.false_alarm_bps)
    level = (await levels_of(book, (place.specialist,)))[place.specialist]
    return Watched(reference, since, len(own), len(seen) - len(own), level, read)


async def _lowered(here: Services, watched: Watched) -> None:
    place, to = watched.reference.place, one_below(watched.level)
    why = "; ".join(each.told() for each in watched.breaches)
    if await here.autonomy.lower(place, to, f"drift of {why}", MONITOR):
        event = DriftFound(
            specialist=place.specialist,
            workflow=place.workflow,
            version=str(watched.reference.version),
            reference=watched.reference.frozen_at.isoformat(),
            since=watched.since.isoformat(),
            breaches=tuple(each.told() for each in watched.breaches),
        )
        key = f"drift/{place}/{here.clock.now().isoformat()}"
        await here.ledger.record(OPS, key, event, MONITOR)
