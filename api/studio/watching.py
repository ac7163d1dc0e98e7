"""Lets readers watch a case while this process advances it: a runner that tells what its graph does.

Owns nothing durable: what is told here is in the checkpoints anyway. A watcher never moves a case, and a
slow one never holds it up.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from graphs.advance import Runner
from graphs.services import Services

MODES = ("values", "updates")
MOST_PARTS = 1000  # that wait for one slow watcher; older ones are dropped
LOOK_AGAIN = 0.2  # seconds between looks at the queue of jobs
PATIENCE = 3000  # looks without news, then the watcher is sent home (ten minutes)
UNFINISHED = ("todo", "doing")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a graph did: where (empty for the case graph itself), in which mode, what."""

    namespace: tuple[str, ...]
    mode: str
    body: Any


class Watchers:
    """Who watches which case in this process, and what its current advance did so far."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[Part]]] = defaultdict(set)
        self._so_far: dict[str, deque[Part]] = {}

    def open(self, case_id: str) -> asyncio.Queue[Part]:
        """Start to listen, from the beginning of the current advance; give the queue back to ``close``."""
        queue: asyncio.Queue[Part] = asyncio.Queue(MOST_PARTS)
        for part in self._so_far.get(case_id, ()):
            queue.put_nowait(part)
        self._queues[case_id].add(queue)
        return queue

    def close(self, case_id: str, queue: asyncio.Queue[Part]) -> None:
        """Stop listening."""
        self._queues[case_id].discard(queue)
        if not self._queues[case_id]:
            del self._queues[case_id]

    @contextmanager
    def advancing(self, case_id: str) -> Iterator[None]:
        """While an advance runs, who comes late is told what it did."""
        self._so_far[case_id] = deque(maxlen=MOST_PARTS)
        try:
            yield
        finally:
            self._so_far.pop(case_id, None)

    def tell(self, case_id: str, part: Part) -> None:
        """Tell everyone who listens."""
        if case_id in self._so_far:
            self._so_far[case_id].append(part)
        for queue in self._queues.get(case_id, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(part)


@dataclass(frozen=True, slots=True)
class WatchedRunner(Runner):
    """A runner like any other that also tells what it does."""

    watchers: Watchers = field(default_factory=Watchers)

    async def run(self, graph: Any, given: Any, config: dict[str, Any]) -> None:
        """As ``Runner.run``, part by part, worker graphs included."""
        case_id = config["configurable"]["thread_id"]
        parts = graph.astream(given, config, stream_mode=list(MODES), subgraphs=True, durability="sync")
        with self.watchers.advancing(case_id):
            async for namespace, mode, body in parts:
                self.watchers.tell(case_id, Part(namespace, mode, body))


async def until_at_rest(services: Services, case_id: str, queue: asyncio.Queue[Part]) -> AsyncIterator[Part]:
    """What happens to a case until no job of it is left, whichever runner does it."""
    for _ in range(PATIENCE):
        moving = await busy(services, case_id)
        while not queue.empty():
            yield queue.get_nowait()
        if not moving:
            return
        try:
            yield await asyncio.wait_for(queue.get(), LOOK_AGAIN)
        except TimeoutError:
            continue


async def busy(services: Services, case_id: str) -> bool:
    """Whether a job of this case waits or runs."""
    jobs = await services.jobs.app.job_manager.list_jobs_async(lock=case_id)
    return any(job.status in UNFINISHED for job in jobs)
