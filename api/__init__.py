"""Who may ask: HTTP API, event intake, console, command line, runners. Nothing imports this package."""
