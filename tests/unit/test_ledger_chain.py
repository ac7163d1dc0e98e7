"""A chain shows every change: flipped, removed, reordered, cut off."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audit.chain import GENESIS, Entry, verify
from audit.events import CaseClosed


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for n in range(1, length + 1):
        prev = entries[-1].hash if entries else GENESIS
        body = CaseClosed(outcome=f"outcome {n}").model_dump()
        entries.append(
            Entry("case", n, f"k{n}", "case_closed", 1, "2026-03-02T15:00:00", "system", body, prev).sealed()
        )
    return entries


def head(entries: list[Entry]) -> tuple[int, str]:
    return (len(entries), entries[-1].hash)


def test_untouched_chain_verifies() -> None:
    entries = chain(5)
    assert verify(entries, head(entries)).verified


@given(st.integers(1, 5), st.sampled_from(["actor", "at", "kind", "key", "hash", "prev"]))
def test_any_changed_field_is_found_at_its_event(at: int, field: str) -> None:
    entries = chain(5)
    entries[at - 1] = replace(entries[at - 1], **{field: "changed"})
    found = verify(entries, head(chain(5)))
    assert (found.verified, found.first_bad) == (False, at)


@given(st.integers(1, 5))
def test_resealed_forgery_breaks_the_next_link_or_the_head(at: int) -> None:
    entries = chain(5)
    forged = replace(entries[at - 1], body={"outcome": "approved"})
    entries[at - 1] = forged.sealed()
    assert not verify(entries, head(chain(5))).verified


@given(st.integers(1, 5))
def test_removed_event_is_missed(at: int) -> None:
    entries = chain(5)
    del entries[at - 1]
    assert not verify(entries, head(chain(5))).verified


def test_swapped_events_are_seen() -> None:
    entries = chain(3)
    entries[0], entries[1] = entries[1], entries[0]
    assert not verify(entries).verified


def test_cut_off_tail_is_seen_by_the_head() -> None:
    entries = chain(5)
    assert verify(entries[:3]).verified
    assert not verify(entries[:3], head(entries)).verified
