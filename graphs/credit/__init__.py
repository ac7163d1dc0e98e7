"""The credit worker: state, nodes and wiring."""
