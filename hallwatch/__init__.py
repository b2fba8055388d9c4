"""The composition root: command line, settings, site file, and the worker that runs cameras."""

__version__ = "0.1.0"
