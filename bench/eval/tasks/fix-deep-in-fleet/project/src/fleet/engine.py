"""The engine of a ship: what it can hold and what it weighs."""

from fleet.flag import flag_limit


def engine_limit(load):
    """A load, kept between 7 and 48."""
    return min(max(load, 7), 48)


def engine_weight(load):
    """6 for each unit of the limited load, and 4 for itself."""
    return engine_limit(load) * 6 + 4


def engine_spare(load):
    """What the next part could take besides."""
    return flag_limit(load) - engine_limit(load)
