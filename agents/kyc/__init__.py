"""KYC specialists: identity documents, sanctions screening and customer risk.

Owns how each job gathers evidence and what code concludes from it. Never decides a case, never clears a
potential match and holds no threshold: those are rows of the book, carried by the mandate.
"""
