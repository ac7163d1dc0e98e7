"""Golden sets at work: which there are, how each is asked through the real loop, and what an answer counts."""
