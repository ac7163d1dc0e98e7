"""Guardrails on what goes out, before anybody reads it."""
