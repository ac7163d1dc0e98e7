"""Guardrails on what comes in, before anybody works on it."""
