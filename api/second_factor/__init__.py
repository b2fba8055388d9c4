"""A second factor at signing in and for originals: time-based one-time passwords (RFC 6238)."""
