"""What is checked on the way: small objects of one signature, ordered by the book."""
