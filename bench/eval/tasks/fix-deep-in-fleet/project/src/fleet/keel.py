"""The keel of a ship: what it can hold and what it weighs."""

from fleet.ladder import ladder_limit


def keel_limit(load):
    """A load, kept between 13 and 60."""
    return min(max(load, 13), 60)


def keel_weight(load):
    """2 for each unit of the limited load, and 10 for itself."""
    return keel_limit(load) * 2 + 10


def keel_spare(load):
    """What the next part could take besides."""
    return ladder_limit(load) - keel_limit(load)
