"""How long each class of evidence is kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """Days; defaults are those of P7.

    What was dismissed counts from the decision, what expired from then on, what is withdrawn or confirmed
    from the flag. Originals, which show faces, go after `original_days` whatever became of the event; its
    review copy stays as long as the event. What still waits is never deleted: it expires first.
    """

    dismissed_days: int = 7
    expired_days: int = 7
    withdrawn_days: int = 30
    confirmed_days: int = 180
    original_days: int = 30
    hour: int = 3
    """Of the hall's clock: from then on the day's deletion may begin."""
