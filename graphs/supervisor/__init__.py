"""The supervisor: state, nodes and wiring."""
