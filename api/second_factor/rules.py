"""Of whom a hall demands a second factor."""

from dataclasses import dataclass

from api.fields import Role


@dataclass(frozen=True, slots=True)
class SecondFactorRules:
    """Roles that may do nothing before they have one, and whether originals are asked for with one."""

    roles: frozenset[Role] = frozenset()
    originals: bool = False
