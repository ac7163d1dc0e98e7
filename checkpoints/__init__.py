"""Where work sleeps: everything that is kept in Postgres, and nothing else reaches it."""
