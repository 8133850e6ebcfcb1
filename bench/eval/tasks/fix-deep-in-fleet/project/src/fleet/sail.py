"""The sail of a ship: what it can hold and what it weighs."""

from fleet.tide import tide_limit


def sail_limit(load):
    """A load, kept between 21 and 76."""
    return min(max(load, 21), 76)


def sail_weight(load):
    """5 for each unit of the limited load, and 18 for itself."""
    return sail_limit(load) * 5 + 18


def sail_spare(load):
    """What the next part could take besides."""
    return tide_limit(load) - sail_limit(load)
