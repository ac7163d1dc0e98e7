"""The compliance review of a loan register: state, nodes and wiring."""
