"""Raising the autonomy of a specialist again: asked by one person, countersigned by another."""
