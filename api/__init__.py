"""Who may ask: HTTP API, event intake, command line, runners. The only package that builds services."""
