"""The advisor chat: scope of whoever asks, state, nodes and wiring."""
