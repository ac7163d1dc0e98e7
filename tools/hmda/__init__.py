"""The HMDA register: reading it, its edits, the notices it owes and fair-lending monitoring."""
