"""Guardrails while agents act."""
