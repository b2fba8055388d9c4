"""A copy of everything that is kept, made while the service runs, and put back into an empty place."""
