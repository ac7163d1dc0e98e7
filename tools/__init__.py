"""What may be read, computed or done: one module or folder per system, each reached through the tool gateway."""
