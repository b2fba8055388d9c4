"""Perception, conduct rules and their time: from a frame to an event. Reads no clock, opens no file."""
