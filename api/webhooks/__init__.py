"""Webhooks: changes told to other programs as they happen, signed, and again until they were taken."""
