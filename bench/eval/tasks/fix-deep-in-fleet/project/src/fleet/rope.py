"""The rope of a ship: what it can hold and what it weighs."""

from fleet.sail import sail_limit


def rope_limit(load):
    """A load, kept between 20 and 74."""
    return min(max(load, 20), 74)


def rope_weight(load):
    """4 for each unit of the limited load, and 17 for itself."""
    return rope_limit(load) * 4 + 17


def rope_spare(load):
    """What the next part could take besides."""
    return sail_limit(load) - rope_limit(load)
