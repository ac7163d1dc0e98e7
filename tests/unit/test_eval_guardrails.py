"""Guardrails are measured on any folder of labelled sets; what cannot be read names file, row and remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from domain.errors import BadInput
from evals.guardrails.detectors import DETECTORS, Detector, scanning
from evals.guardrails.figures import percentile
from evals.guardrails.reading import files, fingerprint, named
from evals.guardrails.run import measure
from tests.fakes.labelled_sets import ATTEMPT, CALL, QUESTION, document, every_kind, write

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "security"
here = pytest.mark.skipif(not SHARED.is_dir(), reason="the sets to develop on are not here")
AIMS = {"email": 0.99, "iban": 0.99, "ssn": 0.99, "card": 0.97, "phone": 0.90}


async def report_on(folder: Path, detectors: tuple[Detector, ...] = DETECTORS) -> dict[str, Any]:
    return await measure(folder, lambda _: None, detectors)


async def figure(folder: Path, guardrail: str, data_set: str, **more: Any) -> dict[str, Any]:
    found = (await report_on(folder, **more))["figures"]
    return next(each for each in found if (each["guardrail"], each["data_set"]) == (guardrail, data_set))


async def test_attempts_and_ordinary_rows_give_recall_rate_of_false_alarms_and_precision(
    tmp_path: Path,
) -> None:
    told = await figure(every_kind(tmp_path), "prompt_injection", "injection/rows.jsonl")
    assert (told["n"], told["recall"], told["fpr"], told["precision"]) == (3, 0.5, 0.0, 1.0)
    assert told["p95_ms"] > 0
    assert told["p95_cpu_ms"] > 0


async def test_instructions_are_measured_at_three_places_of_a_letter_and_letters_alone_pass(
    tmp_path: Path,
) -> None:
    told = await figure(every_kind(tmp_path), "prompt_injection", "injection/hidden.json")
    assert (told["positives"], told["hits"], told["negatives"], told["false"]) == (6, 3, 3, 0)


async def test_paragraphs_of_probes_are_ordinary_documents(tmp_path: Path) -> None:
    told = await figure(every_kind(tmp_path), "prompt_injection", "injection/parts.json")
    assert (told["n"], told["recall"], told["fpr"], told["precision"]) == (1, None, 0.0, None)


async def test_identifiers_are_measured_by_form_and_labels_of_other_types_are_not(tmp_path: Path) -> None:
    found = (await report_on(every_kind(tmp_path)))["figures"]
    told = {each["guardrail"]: each for each in found if each["data_set"] == "pii/documents.json"}
    assert sorted(told) == ["recognise:card", "recognise:phone"]
    assert [told["recognise:card"][name] for name in ("n", "recall", "fpr", "precision")] == [
        2,
        1.0,
        0.0,
        1.0,
    ]


async def test_half_an_identifier_is_not_found_and_an_unlabelled_one_costs_precision(tmp_path: Path) -> None:
    longer = document(f"{CALL} Or 202-555-0199.", PHONE_NUMBER="202-555-0143 about")
    told = await figure(write(tmp_path, pii__d__json=[longer]), "recognise:phone", "pii/d.json")
    assert (told["recall"], told["precision"]) == (0.0, 0.5)


async def test_pairs_of_names_are_measured_by_the_matcher(tmp_path: Path) -> None:
    told = await figure(every_kind(tmp_path), "screening", "screening/pairs.csv")
    assert (told["n"], told["recall"], told["fpr"], told["precision"]) == (2, 1.0, 0.0, 1.0)


async def test_detector_that_fails_has_raised_and_is_counted_as_an_error(tmp_path: Path) -> None:
    fails = Detector("fails", scanning(lambda text: json.loads(f"no JSON {text}")), attacks=True)
    told = await figure(every_kind(tmp_path), "fails", "fuzz/strings.json", detectors=(fails,))
    assert (told["errors"], told["fpr"], told["recall"]) == (4, 1.0, None)


async def test_only_what_claims_to_find_attempts_is_measured_on_them_and_all_on_ordinary_text(
    tmp_path: Path,
) -> None:
    found = (await report_on(every_kind(tmp_path)))["figures"]
    on = {
        name: {each["guardrail"] for each in found if each["data_set"].startswith(name)}
        for name in ("injection", "fuzz")
    }
    assert on == {
        "injection": {each.name for each in DETECTORS if each.attacks},
        "fuzz": {each.name for each in DETECTORS},
    }


async def test_what_is_absent_is_told_as_not_measured(tmp_path: Path) -> None:
    report = await report_on(write(tmp_path / "sets", fuzz__s__json=[QUESTION], fuzz__notes__txt="none"))
    assert [each["set"] for each in report["not_measured"]] == [
        "injection", "pii", "screening", "wording", "service", "fuzz/notes.txt",
    ]  # fmt: skip


async def test_customers_questions_beside_the_folder_are_ordinary_text(tmp_path: Path) -> None:
    write(tmp_path, service__questions__csv=f'text,category\n"{QUESTION}",card\n"{ATTEMPT}",none\n')
    told = await figure(every_kind(tmp_path / "sets"), "prompt_injection", "service/questions.csv")
    assert (told["n"], told["fpr"]) == (2, 0.5)


@pytest.mark.parametrize(
    ("name", "content", "row", "field"),
    [
        ("injection__a__jsonl", '{"text": "fine"}\n{"text": ', 2, None),
        ("injection__a__jsonl", '{"text": "fine"}\n{"label": 1}', 2, "text"),
        ("injection__a__jsonl", '{"text": "fine", "label": 2}', 1, "label"),
        ("injection__a__json", {"Instruction": ["fine", 7]}, 2, "Instruction"),
        ("injection__a__json", {"Instruction": "fine"}, None, "Instruction"),
        ("injection__a__json", [], None, None),
        ("pii__a__json", [{"full_text": "fine", "spans": []}, {"full_text": "none"}], 2, "spans"),
        (
            "pii__a__json",
            [document("fine", GPE="fine"), document("x", GPE="x") | {"full_text": ""}],
            2,
            "spans",
        ),
        ("pii__a__json", [{"full_text": "a", "spans": [{"entity_type": "GPE"}]}], 1, "spans.start_position"),
        (
            "screening__a__csv",
            "schema,name1,name2,is_match\nPerson,A,B,true\nPerson,A,B,maybe\n",
            3,
            "is_match",
        ),
        ("screening__a__csv", "schema,name1,is_match\nPerson,A,true\n", 2, "name2"),
        ("screening__a__csv", "schema,name1,name2,is_match\nPerson,A,B\n", 2, None),
        ("fuzz__a__json", {"a": 1}, None, None),
        ("fuzz__a__json", ["fine", 3], 2, None),
    ],
)
async def test_malformed_set_is_refused_with_file_row_field_and_remedy(
    tmp_path: Path, name: str, content: Any, row: int | None, field: str | None
) -> None:
    with pytest.raises(BadInput) as refused:
        await report_on(write(tmp_path, **{name: content}))
    told = refused.value.attributes
    assert (Path(str(told["file"])).stem, told.get("row"), told.get("field")) == ("a", row, field)
    assert told["remedy"]


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
async def test_folder_without_sets_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty" / "other").mkdir(parents=True)
    with pytest.raises(BadInput, match=r"injection/, pii/, screening/, fuzz/"):
        await report_on(tmp_path / folder)


def test_command_prints_what_it_keeps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["eval-guardrails", "--data", str(every_kind(tmp_path / "sets")), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (left.value.code, told) == (
        0,
        json.loads(Path("build/guardrails.json").read_text(encoding="utf-8")),
    )
    assert {"guardrail", "data_set", "n", "recall", "fpr", "precision", "p95_ms"} <= told["figures"][0].keys()


def test_malformed_set_leaves_no_file_and_ends_with_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write(tmp_path, injection__a__jsonl="{"), tmp_path / "out.json"
    with pytest.raises(SystemExit) as left:
        main(["eval-guardrails", "--data", str(folder), "--out", str(out)])
    assert (left.value.code, out.exists()) == (2, False)
    assert "a.jsonl, row 1: not JSON" in capsys.readouterr().err


def test_95_percent_of_the_texts_stay_within_the_time_that_is_told() -> None:
    assert (percentile([float(n) for n in range(1, 101)]), percentile([3.0]), percentile([])) == (
        95.0,
        3.0,
        None,
    )


@here
async def test_identifiers_of_the_documents_to_develop_on_are_found_as_aimed_at(tmp_path: Path) -> None:
    (tmp_path / "pii").symlink_to(SHARED / "pii")
    found = {each["guardrail"].partition(":")[2]: each for each in (await report_on(tmp_path))["figures"]}
    assert {
        form: found[form]["recall"] >= aim and found[form]["precision"] >= 0.95 for form, aim in AIMS.items()
    } == (dict.fromkeys(AIMS, True))


@here
def test_every_set_that_was_developed_on_is_told_with_its_fingerprint() -> None:
    told = (ROOT / "docs" / "guardrails.md").read_text(encoding="utf-8")
    sets = [file for folder in sorted(SHARED.iterdir()) for file in files(folder)]
    assert sets
    assert [
        named(file) for file in sets if f"`{named(file)}`" not in told or fingerprint(file) not in told
    ] == []
