"""The HMDA loan/application register: reading it, editing it, the notices it owes, fair-lending monitoring."""
