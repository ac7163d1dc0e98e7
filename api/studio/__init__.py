"""LangGraph's dev server over the same graphs: a sandbox to play in, and a guarded live mode."""
