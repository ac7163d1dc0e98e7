"""What is allowed: decision tables, effective dates and authority. Pure; no LangChain, LangGraph or SQL."""
