"""Texts that guardrails keep from agents: which text of a body, what stands in its place, what it leaves behind.

Owns the mark and how a body's texts are put before guardrails, one by one and all together. Keeps nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.guard import Guardrail, Passage, Ruling, Verdict, verdict_of

SHORTEST = 8  # signs: a shorter text tells nobody anything
SHORTEST_WORD = 24  # the same for one without a blank: shorter ones are codes and references
TOKEN = re.compile(r"tok_\w+")
Placed = tuple[int, str, str]  # of which body, where in it, and the text
MARK = re.compile(r"\[quarantined: (\w+)\]")


@dataclass(frozen=True, slots=True)
class Taken:
    """One text that was kept from agents, whole, with the rule that found it."""

    path: str  # in its body: ``key_factors.0``
    guardrail: str
    version: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A body after guardrails ruled on its texts.

    Args:
        body: with marks in place of what was found.
        taken: the texts as they were.
        verdicts: by path; an empty path is the body as a whole.
    """

    body: Any
    taken: tuple[Taken, ...]
    verdicts: tuple[tuple[str, Guardrail, Verdict], ...]

    def without(self, guardrail: Guardrail, verdict: Verdict, run: Sequence[Placed], number: int) -> Ruled:
        """Without those texts of a run that stand in this body, the one of this number."""
        paths = {path: text for n, path, text in run if n == number}
        if not paths:
            return self
        said = (guardrail.name, guardrail.version, verdict.rule)
        alone = Verdict(verdict.ruling, verdict.rule, verdict.reason)
        return Ruled(
            _replaced(self.body, dict.fromkeys(paths, mark(verdict.rule))),
            (*self.taken, *(Taken(path, *said, text) for path, text in paths.items())),
            (
                *(each for each in self.verdicts if (each[0], each[1].name) != ("", guardrail.name)),
                *((path, guardrail, alone) for path in paths),
            ),
        )


def mark(rule: str) -> str:
    """What agents see in place of a text."""
    return f"[quarantined: {rule}]"


def marks(value: Any) -> tuple[str, ...]:
    """Rules whose marks stand anywhere in plain JSON, each once."""
    return tuple(dict.fromkeys(rule for _, text in texts(value) for rule in MARK.findall(text)))


async def rule_on(
    guardrails: Sequence[Guardrail], case_id: str, body: Any, foreign: Sequence[str] | None = None
) -> Ruled:
    """Put every text of a body (plain JSON) before the guardrails; a failing guardrail takes the text away.

    What is found in one text takes the span that the guardrail says; an attempt that is spread over several texts
    takes them all, also when another was found in one of them.

    Args:
        foreign: paths of the texts that may come from outside, ``*`` for any step; without, every text may.
    """
    ruled, taken, verdicts = body, list[Taken](), list[tuple[str, Guardrail, Verdict]]()
    for guardrail in guardrails:
        said = [
            (path, text)
            for path, text in texts(ruled)
            if _says_something(path, text) and (foreign is None or _stands_in(path, foreign))
        ]
        found = {path: await _verdict(guardrail, case_id, text) for path, text in said}
        against = {path: verdict for path, verdict in found.items() if verdict.ruling is not Ruling.PASS}
        against |= await _spread(guardrail, case_id, [(p, t) for p, t in said if p not in against])
        taken += [
            Taken(path, guardrail.name, guardrail.version, against[path].rule, text)
            for path, text in said
            if path in against
        ]
        verdicts += [(path, guardrail, verdict) for path, verdict in against.items()]
        if said and not against:
            verdicts.append(("", guardrail, next(iter(found.values()))))
        ruled = _replaced(
            ruled, {path: verdict.replacement or mark(verdict.rule) for path, verdict in against.items()}
        )
    return Ruled(ruled, tuple(taken), tuple(verdicts))


async def rule_across(
    guardrails: Sequence[Guardrail], case_id: str, bodies: Sequence[Ruled]
) -> tuple[Ruled, ...]:
    """Put the texts of bodies that came at once before the guardrails together, in order; each was ruled on alone.

    An attempt that is spread over them takes the fewest neighbouring texts that do not pass together, and so on until
    the rest passes.
    """
    for guardrail in guardrails:
        left = [
            (n, path, text)
            for n, each in enumerate(bodies)
            for path, text in texts(each.body)
            if _says_something(path, text)
        ]
        while len({n for n, _, _ in left}) > 1:
            run, verdict = await _fewest(guardrail, case_id, left)
            if verdict.ruling is Ruling.PASS:
                break
            bodies = [each.without(guardrail, verdict, run, n) for n, each in enumerate(bodies)]
            left = [each for each in left if each not in run]
    return tuple(bodies)


async def _fewest(
    guardrail: Guardrail, case_id: str, said: Sequence[Placed]
) -> tuple[Sequence[Placed], Verdict]:
    """The fewest neighbouring texts that do not pass together, with what is said of them; all where all pass."""

    async def over(run: Sequence[Placed]) -> Verdict:
        return await _verdict(guardrail, case_id, " ".join(text for _, _, text in run))

    found = await over(said)
    if found.ruling is Ruling.PASS:
        return said, found
    for cut in (slice(1, None), slice(None, -1)):
        while len(said) > 2 and (less := await over(said[cut])).ruling is not Ruling.PASS:
            said, found = said[cut], less
    return said, found


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of plain JSON with its path; keys are the schema's, not anybody's text."""
    if isinstance(value, str):
        yield path, value
        return
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if _listed(value) else ()
    for name, each in inner:
        yield from texts(each, f"{path}.{name}" if path else str(name))


def _says_something(path: str, text: str) -> bool:
    """Whether a text is put before guardrails; of a list every one, since single words make an order together."""
    if TOKEN.fullmatch(text):
        return False  # what stands behind it is in the vault
    return (
        path.rpartition(".")[2].isdigit()
        or len(text) >= SHORTEST_WORD
        or (len(text) >= SHORTEST and (" " in text.strip() or not text.isascii()))
    )


def _stands_in(path: str, patterns: Sequence[str]) -> bool:
    steps = path.split(".")
    wanted = (pattern.split(".") for pattern in patterns)
    return any(
        len(each) == len(steps) and all(a in ("*", b) for a, b in zip(each, steps, strict=True))
        for each in wanted
    )


async def _spread(guardrail: Guardrail, case_id: str, said: Sequence[tuple[str, str]]) -> dict[str, Verdict]:
    """Against every text of those that pass one by one, if they do not pass together."""
    if len(said) < 2:
        return {}
    whole = await _verdict(guardrail, case_id, " ".join(text for _, text in said))
    together = Verdict(
        whole.ruling, whole.rule, whole.reason
    )  # what stands in its place stands in no single one
    return {} if whole.ruling is Ruling.PASS else {path: together for path, _ in said}


async def _verdict(guardrail: Guardrail, case_id: str, text: str) -> Verdict:
    return await verdict_of(guardrail, Passage(case_id, text, {}))


def _replaced(value: Any, new: Mapping[str, str], path: str = "") -> Any:
    if not new:
        return value
    if isinstance(value, str):
        return new.get(path, value)
    if isinstance(value, Mapping):
        return {
            name: _replaced(each, new, f"{path}.{name}" if path else str(name))
            for name, each in value.items()
        }
    if _listed(value):
        return [_replaced(each, new, f"{path}.{n}" if path else str(n)) for n, each in enumerate(value)]
    return value


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)
