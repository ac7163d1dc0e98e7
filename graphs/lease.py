"""Under which lease the nodes of the current advance write."""

from __future__ import annotations

from contextvars import ContextVar

from checkpoints.database import Lease
from checkpoints.lease import join
from domain.errors import StaleWriter
from graphs.services import services

CURRENT: ContextVar[Lease | None] = ContextVar("lease", default=None)


async def lease_for(case_id: str) -> Lease:
    """The lease of the advance that runs this node.

    On the dev server in sandbox mode nobody advances: nodes share the case, whoever runs them. Everywhere else
    a node without a lease writes nothing.
    """
    held = CURRENT.get()
    if held is not None and held.case_id == case_id:
        return held
    if services().mode == "sandbox":
        return await join(services().database, case_id, "sandbox", services().clock)
    raise StaleWriter(f"nothing holds case {case_id}: only a runner moves it")
