"""Decks, scorecards and benchmarks: measured, not shipped."""
