"""Takes an attempt out of a text: from the sentence that gives it away to the end of its paragraph.

What follows an order in its paragraph usually belongs to it. An attempt that no paragraph gives away alone takes the
whole text. Never decides what an attempt is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from domain.quarantine import mark
from guardrails.injection.detection import Detection

Found = Callable[[str], Detection]
MOST, LONGEST = 24, 2_400  # paragraphs, signs that are looked at one by one; of a longer text nothing is kept
MOST_SENTENCES = 8  # of a paragraph that are looked at one by one; of a longer paragraph nothing is kept
SENTENCE = re.compile(r"\S.*?(?:[.!?]+[\"')\]]*(?=\s)|$)", re.DOTALL)


def without(text: str, whole: Detection, found: Found) -> str:
    """The text with marks in place of what is found in it; ``whole`` is what was found in all of it."""
    lines = text.splitlines(keepends=True)
    if len(lines) > MOST or len(text) > LONGEST:
        return mark(whole.rule)
    kept = "".join(_paragraph(line, found) for line in lines)
    return mark(whole.rule) if kept == text or found(kept).found else kept


def _paragraph(line: str, found: Found) -> str:
    met = found(line)
    if not met.found:
        return line
    said = list(SENTENCE.finditer(line))
    near = said if len(said) <= MOST_SENTENCES else ()
    start = next((each.start() for each in near if found(each[0]).found), 0)
    end = line[len(line.rstrip()) :]
    return f"{line[:start]}{mark(met.rule)}{end}"
