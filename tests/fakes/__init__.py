"""Small real stand-ins for systems outside the project; they contain no rules of the project itself."""
