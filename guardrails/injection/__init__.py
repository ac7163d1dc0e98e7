"""Finds text that tries to turn a model: readings of a text (``readings``), rules over them (``rules``).

A detection is never the guarantee: whatever a text says, it chooses no tool, payee, amount or route.
"""
