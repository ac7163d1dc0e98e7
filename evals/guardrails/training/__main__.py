"""``python -m evals.guardrails.training --data DIR``: makes ``weights.json`` anew, or measures what was left out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals.guardrails.figures import Figure
from evals.guardrails.training.artefact import build, written
from evals.guardrails.training.held_out import each_held_out, each_kept_aside
from evals.guardrails.training.in_parts import measured_in_parts
from evals.guardrails.training.sources import aside, every, texts
from guardrails.injection.linear import FILE


def main() -> int:
    """Write the artefact and say whether it is the one that was there."""
    asked = argparse.ArgumentParser(prog="python -m evals.guardrails.training", description=__doc__)
    asked.add_argument(
        "--data", type=Path, default=Path("../shared/data/security"), help="folder of the sets"
    )
    asked.add_argument("--out", type=Path, default=FILE, help="where the weights go")
    asked.add_argument("--held-out", action="store_true", help="measure each source left out instead")
    asked.add_argument(
        "--aside", action="store_true", help="measure the texts that were not learnt from instead"
    )
    asked.add_argument(
        "--in-parts",
        type=int,
        metavar="K",
        help="measure each of K parts by weights learnt from the others instead; near copies lie in one part",
    )
    given = asked.parse_args()
    if given.aside:
        for kept in each_kept_aside(aside(given.data)):
            kind = "attempts found" if kept.attempts else "ordinary texts raised"
            sys.stdout.write(f"{kept.source}: {kept.raised} of {kept.texts} {kind}\n")
        return 0
    if given.held_out:
        for each in each_held_out(texts(given.data)):
            told = f"{each.source}: model {each.by_model}, with rules {each.by_both} of {each.texts}"
            sys.stdout.write(f"{told} (learnt from {each.learnt_from} attempts)\n")
        return 0
    if given.in_parts:
        for figure in measured_in_parts(every(given.data), given.in_parts, _progress):
            sys.stdout.write(_line(figure))
        return 0
    artefact = build(given.data)
    before = given.out.read_text(encoding="utf-8") if given.out.exists() else ""
    given.out.write_text(written(artefact), encoding="utf-8")
    same = "as it was" if written(artefact) == before else "changed"
    sys.stdout.write(
        f"{given.out.name}: {len(artefact['weights'])} weights, threshold {artefact['threshold']}, {same}\n"
    )
    return 0


def _progress(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _line(figure: Figure) -> str:
    """Counts, shares and intervals of what had to be found and of what was raised wrongly; of nothing, nothing."""
    told = figure.told()
    parts = [f"{figure.data_set}, {figure.guardrail}: n {told['n']}"]
    for share, of, n in (("recall", figure.hits, figure.positives), ("fpr", figure.false, figure.negatives)):
        if n:
            low, high = told[f"{share}_wilson"]
            parts.append(f"{share} {of}/{n} = {told[share]:.4f} ({low:.4f} to {high:.4f})")
    return ", ".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
