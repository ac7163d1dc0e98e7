"""What may be read, computed or done: one module or folder per system, reached through the tool gateway."""
