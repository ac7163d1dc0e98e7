"""The HTTP front: who asks, whether they may, what desk, intake and ledger answer. It decides nothing."""
