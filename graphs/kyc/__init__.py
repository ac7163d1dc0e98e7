"""The KYC worker: state, nodes and wiring."""
