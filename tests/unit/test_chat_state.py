"""A thread keeps its newest messages, one per id, and no more than it may."""

from __future__ import annotations

from graphs.advisor.state import MOST_MESSAGES, recent


def test_a_message_that_comes_again_stands_once() -> None:
    first = {"type": "human", "id": "t1.q", "content": "Where does it stand?"}
    assert recent([first], [first]) == [first]


def test_history_is_bounded_and_keeps_the_newest() -> None:
    messages = [{"type": "human", "id": f"t{n}.q", "content": str(n)} for n in range(MOST_MESSAGES + 5)]
    kept = recent(messages[:-1], messages[-1:])
    assert (len(kept), kept[-1]["content"]) == (MOST_MESSAGES, str(MOST_MESSAGES + 4))


def test_message_of_a_form_without_id_gets_one_in_order() -> None:
    assert [each["id"] for each in recent([], [{"content": "a"}, {"content": "b"}])] == ["m1", "m2"]
