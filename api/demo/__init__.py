"""The demonstration: stand-in core bank, demo people and four bundled applications. Never used in production."""
