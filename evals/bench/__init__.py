"""``make bench``: speed and size as ratios paired in one run, on an embedded Postgres of its own."""
