"""Measures screening: recall over a whole list, agreement with labelled name pairs, time per party."""
