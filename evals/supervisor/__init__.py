"""The supervisor's deck: labelled cases, the planner with and without a model, and one agent with all tools."""
