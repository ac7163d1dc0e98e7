"""Sanctions screening against a local list, and the 50 percent rule over ownership.

Owns reading the list, comparing names and counting blocked ownership. Never decides whether a hit is
a true match: it ranks and explains, policy and people decide.
"""
