"""Credit specialists: the bureau analyst.

Owns how the job gathers evidence and what code concludes from it. Never decides a case and holds no
threshold: those are rows of the book.
"""
