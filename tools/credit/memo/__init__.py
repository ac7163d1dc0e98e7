"""The credit memo: what it is written from, what stands in it, and whether every figure of it leads somewhere."""
