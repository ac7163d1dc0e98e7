"""Makes the linear model against prompt injection from the sets to develop on; the same sets give the same bytes."""
