"""What happened: events, the hash chain over them, verification. Pure; storage is in ``checkpoints``."""
