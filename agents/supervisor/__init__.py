"""The planning model: asked only when facts alone do not settle what to do next."""
