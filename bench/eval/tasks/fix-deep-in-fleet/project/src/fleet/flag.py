"""The flag of a ship: what it can hold and what it weighs."""

from fleet.galley import galley_limit


def flag_limit(load):
    """A load, kept between 8 and 50."""
    return min(max(load, 8), 50)


def flag_weight(load):
    """2 for each unit of the limited load, and 5 for itself."""
    return flag_limit(load) * 2 + 5


def flag_spare(load):
    """What the next part could take besides."""
    return galley_limit(load) - flag_limit(load)
