"""Who does the work: specialists with their prompts and playbooks, and the model gateway."""
