"""The case tables of one replay in memory: the same stores work over them, and nothing outside is reached."""

from checkpoints.in_memory.database import InMemoryConnection, InMemoryDatabase, Tables

__all__ = ["InMemoryConnection", "InMemoryDatabase", "Tables"]
