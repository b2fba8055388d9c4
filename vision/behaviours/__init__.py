"""The conduct that can be seen, one file each: pure functions from observations to evidence."""
