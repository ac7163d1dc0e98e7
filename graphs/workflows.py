"""Versions of the case graphs: which there are, which one a case is pinned to, and that none was changed unnoticed.

A case keeps the version that it was opened with until it is migrated. A version is released by its digest: whoever
changes the wiring of a released graph gives it a new version and keeps the old one beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.canonical import digest
from domain.case import Case
from domain.errors import BadInput, Misconfigured


@dataclass(frozen=True, slots=True)
class Workflow:
    """One version of a case graph; ``calls`` are the worker graphs that its steps run."""

    name: str
    version: int
    digest: str  # of the wiring, its beginning; as released
    graph: Any
    calls: tuple[Any, ...] = ()

    @property
    def id(self) -> str:
        """``supervisor@1``."""
        return f"{self.name}@{self.version}"

    @property
    def wiring(self) -> str:
        """The digest of the wiring as it is now."""
        return digest([_drawn(each) for each in (self.graph, *self.calls)])[:12]


class Workflows:
    """Every version that this release can run."""

    def __init__(self, versions: Iterable[Workflow], of_kind: Mapping[str, str], otherwise: str) -> None:
        """``of_kind``: which graph runs a case kind; all others run on ``otherwise``."""
        self.versions = tuple(sorted(versions, key=lambda each: (each.name, each.version)))
        self._of_kind = of_kind
        self._otherwise = otherwise

    def newest(self, kind: str) -> Workflow:
        """The version that new cases of a kind are pinned to."""
        return self._of(kind)[-1]

    def of(self, case: Case) -> Workflow:
        """The version that a case is pinned to; a case from before there were versions has the first.

        Raises:
            Misconfigured: this release does not have it.
        """
        known = {each.id: each for each in self._of(case.kind)}
        if not case.workflow:
            return self._of(case.kind)[0]
        if case.workflow not in known:
            raise Misconfigured(
                f"case {case.id} is pinned to {case.workflow}, which this release does not have",
                remedy="deploy a release that has it, or migrate the case before",
            )
        return known[case.workflow]

    def version(self, case: Case, number: int) -> Workflow:
        """One version of the graph that runs a case; ``BadInput`` names those there are."""
        for each in self._of(case.kind):
            if each.version == number:
                return each
        there = ", ".join(str(each.version) for each in self._of(case.kind))
        raise BadInput(f"there is no version {number} of its workflow", field="to", remedy=f"one of {there}")

    def require_released(self) -> None:
        """``Misconfigured`` names each version whose wiring is not the one that was released."""
        changed = [f"{each.id} is {each.wiring}, released as {each.digest}" for each in self.versions
                   if each.wiring != each.digest]  # fmt: skip
        if changed:
            raise Misconfigured(
                f"the wiring of a workflow changed: {'; '.join(changed)}",
                remedy="add it to graphs/catalog.py as a new version and keep the old one; before it ever ran "
                "anywhere, give it its new digest",
            )

    def _of(self, kind: str) -> list[Workflow]:
        name = self._of_kind.get(kind, self._otherwise)
        return [each for each in self.versions if each.name == name]


class Only(Workflows):
    """One version for every case: what would become of it there."""

    def __init__(self, one: Workflow) -> None:
        super().__init__((one,), {}, one.name)

    def of(self, case: Case) -> Workflow:
        """That one."""
        return self.versions[0]


def _drawn(graph: Any) -> dict[str, Any]:
    drawn = graph.get_graph()
    edges = sorted([each.source, each.target, bool(each.conditional)] for each in drawn.edges)
    return {"steps": sorted(drawn.nodes), "edges": edges}
