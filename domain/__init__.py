"""What the bank says: cases, parties, money, findings, decisions, errors, clock. Pure."""
