"""What is kept for how long, and its deletion: rows, files and copies, verified and written down (P7)."""
