"""The barrel of a ship: what it can hold and what it weighs."""

from fleet.cabin import cabin_limit


def barrel_limit(load):
    """A load, kept between 4 and 42."""
    return min(max(load, 4), 42)


def barrel_weight(load):
    """3 for each unit of the limited load, and 1 for itself."""
    return barrel_limit(load) * 3 + 1


def barrel_spare(load):
    """What the next part could take besides."""
    return cabin_limit(load) - barrel_limit(load)
