"""Alembic's environment: how the database's shape changes."""
