"""The record outside the database: heads are anchored and signed, once, and nothing is signed over a changed tree."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.assembly import running
from api.demo.stories import routine
from api.runner import sweep
from api.settings import Settings
from audit.leaf import Leaf
from audit.merkle import root_hash
from audit.note import opened as read_note
from audit.tree import Tree, tree_flaws
from checkpoints.anchors import SQL, Anchors
from checkpoints.ledger import OPS
from checkpoints.signing import NoteFolder
from domain.clock import SetClock
from domain.errors import Conflict, Misconfigured, Refused
from graphs.services import Services
from tests.fakes.casework import advance, decide, open_story, opened, pending
from tests.fakes.people import UNDERWRITER


async def tree(services: Services) -> Tree:
    async with services.proofs.view() as connection:
        return await services.anchors.tree(connection)


async def forge(services: Services, table: str, change: str) -> None:
    async with services.database.transaction() as connection:
        await connection.execute(f"alter table countersign.{table} disable trigger user")
        await connection.execute(change)
        await connection.execute(f"alter table countersign.{table} enable trigger user")


async def test_case_that_ends_is_anchored_at_once_inside_and_outside(
    services: Services, clock: SetClock
) -> None:
    case_id = await opened(services, routine(clock.now().date()))
    assert (await tree(services)).signed == 0
    await decide(services, UNDERWRITER, await pending(services, case_id))
    await advance(services, case_id)
    found, end = await tree(services), (await services.ledger.entries(case_id))[-1]
    (leaf,) = found.leaves
    said = read_note(found.kept[1].note, services.anchors.key)
    assert leaf == Leaf(0, case_id, end.seq, end.hash, clock.now().isoformat(timespec="milliseconds"))
    assert (said.size, said.root) == (1, root_hash([leaf.hash]))
    assert found.written == {1: found.kept[1].note}


async def test_runners_anchor_everything_that_moved_once_in_each_interval(
    services: Services, clock: SetClock
) -> None:
    first = await open_story(services, routine(clock.now().date()))
    await sweep(services, 20)
    await open_story(services, routine(clock.now().date()), "second")
    await sweep(services, 20)
    assert [each.stream for each in (await tree(services)).leaves] == [first, OPS]
    clock.forward(timedelta(seconds=61))
    await sweep(services, 20)
    assert [*(await tree(services)).kept] == [2, 3]


async def test_anchoring_at_once_from_many_runners_makes_one_line(
    services: Services, clock: SetClock
) -> None:
    for n in range(6):
        await open_story(services, routine(clock.now().date()), f"key-{n}")
    await asyncio.gather(*(services.anchors.anchor() for _ in range(8)))
    found = await tree(services)
    assert [each.position for each in found.leaves] == list(range(7)), "six cases and the operations"
    assert [*found.kept] == [7]


@pytest.mark.parametrize(
    ("table", "change", "control"),
    [
        ("log_notes", "update countersign.log_notes set peaks = array[repeat('0', 64)]", "frontier"),
        ("log_notes", "update countersign.log_notes set note = replace(note, '1', '2')", "note"),
        ("log_leaves", "update countersign.log_leaves set position = 7 where position = 1", "leaves"),
    ],
)
async def test_nothing_is_signed_over_a_changed_tree(
    services: Services, clock: SetClock, table: str, change: str, control: str
) -> None:
    await open_story(services, routine(clock.now().date()))
    await services.anchors.anchor()
    await open_story(services, routine(clock.now().date()), "second")
    given = {"streams": None, "most": 9, "at": clock.now().isoformat()}
    async with services.database.transaction() as connection:
        await connection.execute(SQL["add_leaves"], given)
    await forge(services, table, change)
    with pytest.raises(Refused) as refused:
        await services.anchors.anchor()
    assert refused.value.control == f"anchors.{control}"
    assert len(services.anchors.folder.all()) == 1


async def test_second_history_of_the_same_size_is_not_written_over_the_first(
    services: Services, clock: SetClock
) -> None:
    services.anchors.folder.keep(1, "another note\n")
    await open_story(services, routine(clock.now().date()))
    with pytest.raises(Refused, match="note outside does not hold"):
        await services.anchors.anchor()
    with pytest.raises(Conflict, match="another note"):
        services.anchors.folder.keep(1, "a third note\n")
    assert (await tree(services)).kept == {}


async def test_note_whose_signer_died_is_kept_by_the_next_round_and_not_signed_again(
    services: Services, clock: SetClock
) -> None:
    await open_story(services, routine(clock.now().date()))
    broken = Anchors(
        services.database, clock, services.anchors._signer, Unwritable(services.anchors.folder), timedelta(0)
    )
    with pytest.raises(OSError, match="disk"):
        await broken.anchor()
    written = (await tree(services)).written[2]
    await open_story(services, routine(clock.now().date()), "second")
    assert await services.anchors.anchor()
    found = await tree(services)
    assert ([*found.kept], found.kept[2].note, tree_flaws(found)) == ([2, 3], written, [])


async def test_note_outside_that_was_signed_over_another_tree_stops_signing(
    services: Services, clock: SetClock
) -> None:
    services.anchors.folder.keep(1, services.anchors._signer.note(1, b"1" * 32))
    await open_story(services, routine(clock.now().date()))
    await open_story(services, routine(clock.now().date()), "second")
    with pytest.raises(Refused) as refused:
        await services.anchors.anchor()
    assert refused.value.control == "anchors.adopted"


async def test_process_does_not_start_without_the_key_that_signs(settings: Settings, clock: SetClock) -> None:
    settings.record_key.unlink()
    with pytest.raises(Misconfigured, match=r"record\.key.*keygen"):
        async with running(settings, clock):
            pass


class Unwritable(NoteFolder):
    """A folder whose disk fails after the note was written."""

    def __init__(self, real: NoteFolder) -> None:
        super().__init__(real.folder)

    def keep(self, size: int, note: str) -> None:
        super().keep(size, note)
        raise OSError("the disk went away")
