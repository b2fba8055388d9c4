"""Originals, which show faces: asked for with a reason, released by a second person, and marked (P9)."""
