"""Measures what detects: share found, share raised wrongly, precision and time, on any folder of labelled sets."""
