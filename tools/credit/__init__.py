"""Commercial credit calculators: statements in, ratios, stress, rating, expected loss and covenants out.

Owns the reading of filings and statements and the arithmetic on them. Holds no threshold, rate, point or
probability (they are rows of the book and are passed in), reads no clock or database, and never decides a
case. Units: money in US cents (``int``); ratios in basis points of one (``int``, 1.25x is 12,500).
"""
