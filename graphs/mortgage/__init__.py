"""The mortgage worker: state, nodes and wiring."""
