"""The advisor: answers questions from tool results, by certified questions or with a model.

Owns the certified questions, how their answers are told, and the checks of what a model says. Never decides
who may see what (the scope does) and never does what it is asked to do.
"""
