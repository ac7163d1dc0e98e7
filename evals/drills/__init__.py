"""Removes each control once, in a copy of the tree, and looks whether a test notices."""
