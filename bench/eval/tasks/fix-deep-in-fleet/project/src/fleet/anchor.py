"""The anchor of a ship: what it can hold and what it weighs."""

from fleet.barrel import barrel_limit


def anchor_limit(load):
    """A load, kept between 3 and 40."""
    return min(max(load, 3), 40)


def anchor_weight(load):
    """2 for each unit of the limited load, and 0 for itself."""
    return anchor_limit(load) * 2 + 0


def anchor_spare(load):
    """What the next part could take besides."""
    return barrel_limit(load) - anchor_limit(load)
