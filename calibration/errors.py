"""What goes wrong in calibrating, always with a sentence that says what to do instead."""


class CalibrationError(Exception):
    """A lens, a floor or a board that cannot be used as given."""
