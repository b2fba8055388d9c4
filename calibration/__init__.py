"""Metres on the floor from pixels in the picture, with the error known."""
