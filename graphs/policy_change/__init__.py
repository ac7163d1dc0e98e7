"""How policy changes: example cases, simulation over decided cases, shadows, and the governed case of a change."""
