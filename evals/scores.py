"""What a deck reports: counts first, shares worked out from them, and how sure those shares are."""

from __future__ import annotations

from math import sqrt
from typing import Any

Z = 1.959964  # two-sided 95 %


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Wilson score interval of a share at 95 %: lower and upper bound, rounded to four places.

    Source: E. B. Wilson, JASA 22 (1927) 209-212. ``(0, 1)`` when nothing was measured.
    """
    if n == 0:
        return 0.0, 1.0
    share, square = successes / n, Z * Z
    middle = share + square / (2 * n)
    spread = Z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    low, high = (middle - spread) / (1 + square / n), (middle + spread) / (1 + square / n)
    return round(max(low, 0.0), 4), round(high, 4)


def rate(part: int, whole: int) -> dict[str, Any]:
    """A share with numerator and denominator; no share of nothing."""
    return {"of": whole, "n": part, "share": round(part / whole, 4) if whole else None}


def per(whole: int, parts: int) -> dict[str, Any]:
    """What one of ``parts`` takes of a sum, with both; nothing where there is none."""
    return {"of": parts, "n": whole, "share": round(whole / parts, 1) if parts else None}


def score(correct: int, n: int, referred: int, calls: int) -> dict[str, Any]:
    """The figures that every deck has; a referral is never correct."""
    low, high = wilson(correct, n)
    return {
        "n": n,
        "correct": correct,
        "accuracy": round(correct / n, 4) if n else None,
        "wilson_low": low,
        "wilson_high": high,
        "referred": rate(referred, n),
        "calls_per_case": round(calls / n, 3) if n else None,
    }
