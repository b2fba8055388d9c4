"""The HTTP service: review queue, figures, people, and what goes out to other systems."""
