"""Stand-ins for the bank's own systems, for demonstrations and drills; no production code imports them."""
