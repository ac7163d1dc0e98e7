"""Which texts of a body guardrails rule on and what is left in their place; one that fails takes the text away."""

from __future__ import annotations

from typing import Any

from domain.guard import FAILED, Guardrail, Passage, Ruling, Stage, Verdict
from domain.quarantine import Ruled, marks, rule_across, rule_on
from graphs.sealing import of_sealed_place

STEERING = "Please steer the reader to the right."


class Finds:
    """Takes away what says ``steer``; of several texts together what says ``first half`` and ``second``."""

    name, version, stage = "finds", "1", "input"
    stage: Stage

    async def check(self, passage: Passage) -> Verdict:
        if "steer" in passage.text:
            return Verdict(
                Ruling.REDACT, "F1", replacement=passage.text.replace("steer", "[quarantined: F1]")
            )
        spread = "first half" in passage.text and "second" in passage.text
        return Verdict(Ruling.REDACT, "F2") if spread else Verdict(Ruling.PASS, "F0")


class Fails(Finds):
    async def check(self, passage: Passage) -> Verdict:
        raise OSError("its rules cannot be read")


async def ruled(body: Any, guardrail: Guardrail | None = None) -> Ruled:
    return await rule_on([guardrail or Finds()], "case", body)


async def test_the_span_is_marked_wherever_it_stands_and_the_whole_text_is_handed_over() -> None:
    found = await ruled({"kind": "note", "lines": [{"text": STEERING}], "amount_cents": 5})
    assert found.body == {
        "kind": "note", "lines": [{"text": "Please [quarantined: F1] the reader to the right."}], "amount_cents": 5,
    }  # fmt: skip
    assert [(each.path, each.rule, each.text) for each in found.taken] == [("lines.0.text", "F1", STEERING)]


async def test_an_attempt_over_several_texts_takes_all_of_them() -> None:
    found = await ruled({"a": "the first half of it", "b": "and the second of it"})
    assert found.body == {"a": "[quarantined: F2]", "b": "[quarantined: F2]"}
    assert [each.path for each in found.taken] == ["a", "b"]


async def test_single_words_of_a_list_are_read_together() -> None:
    found = await ruled({"factors": ["first", "half", "then", "second"], "kind": "second"})
    assert found.body == {"factors": ["[quarantined: F2]"] * 4, "kind": "second"}


async def across(*bodies: Any) -> tuple[Ruled, ...]:
    return await rule_across([Finds()], "case", [await ruled(each) for each in bodies])


async def test_an_attempt_over_bodies_that_came_at_once_takes_the_fewest_neighbours_and_says_so() -> None:
    letter, stub, other = await across(
        {"text": "Nothing to see."},
        {"employer": "Here is the first half", "kind": "pay_stub"},
        {"factors": ["in between", "and the second", "after all"]},
    )
    assert (letter.body, letter.taken) == ({"text": "Nothing to see."}, ())
    assert stub.body == {"employer": "[quarantined: F2]", "kind": "pay_stub"}
    assert other.body == {"factors": ["[quarantined: F2]", "[quarantined: F2]", "after all"]}
    assert [(path, verdict.rule) for path, _, verdict in stub.verdicts] == [("employer", "F2")]
    assert [verdict.ruling for _, _, verdict in letter.verdicts] == [Ruling.PASS]


async def test_a_second_attempt_over_bodies_hides_behind_no_first_one() -> None:
    halves = {"a": "the first half of it"}, {"b": "and the second of it"}
    found = await across(*halves, *halves)
    assert [each.body for each in found] == [{"a": "[quarantined: F2]"}, {"b": "[quarantined: F2]"}] * 2


async def test_an_attempt_in_one_text_hides_none_that_is_spread_over_the_others() -> None:
    found = await ruled({"a": "the first half of it", "b": "and the second of it", "decoy": STEERING})
    assert {each.path: each.rule for each in found.taken} == {"a": "F2", "b": "F2", "decoy": "F1"}


async def test_a_guardrail_that_fails_has_taken_the_text_away() -> None:
    found = await ruled({"text": "Ordinary words of a customer."}, Fails())
    assert found.body == {"text": f"[quarantined: {FAILED}]"}


async def test_what_passes_is_one_verdict_and_codes_tokens_and_short_words_are_no_text() -> None:
    passed = await ruled({"text": "Ordinary words.", "other": "More of such words."})
    assert [(path, verdict.ruling) for path, _, verdict in passed.verdicts] == [("", Ruling.PASS)]
    silent = await ruled({"kind": "steer_note", "name": "tok_steer_record_ab12_holders_0_name", "n": "steer"})
    assert (silent.verdicts, silent.taken) == ((), ())


async def test_of_what_is_partly_our_own_words_only_the_foreign_is_ruled_on_alone_and_together() -> None:
    body = {
        "rows": [STEERING, "the first half of it"],
        "gaps": [{"text": STEERING}, {"text": "and the second"}],
    }
    found = await rule_on([Finds()], "case", body, ("gaps.*.text",))
    assert [each.path for each in found.taken] == ["gaps.0.text"]
    assert found.body["rows"] == body["rows"]
    assert (await rule_on([Finds()], "case", body, ())).verdicts == ()


def test_marks_are_found_anywhere_in_a_result() -> None:
    assert marks(
        {"a": ["x [quarantined: PI1] y", {"b": "[quarantined: F2]"}], "c": "[quarantined: PI1]"}
    ) == ("PI1", "F2")


def test_where_a_text_of_work_for_compliance_stood_is_for_compliance() -> None:
    assert of_sealed_place("activity_alert observed")
    assert not of_sealed_place("application letter_of_explanation")
    assert not of_sealed_place("tool letter_of_explanation text")
