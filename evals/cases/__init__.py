"""Deck of whole cases: hand-offs that succeed, cases that need no unplanned touch, and what a success costs."""
