"""Deck of judgements: a worker that errs in one answer of ten, code's checks, and a judge with declared rates."""
