"""Who may ask: HTTP API, event intake, command line, runners. The only package that builds services."""

import warnings

warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")  # platformdirs, in containers without a login session
