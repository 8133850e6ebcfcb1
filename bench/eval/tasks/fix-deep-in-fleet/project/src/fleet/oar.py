"""The oar of a ship: what it can hold and what it weighs."""

from fleet.pier import pier_limit


def oar_limit(load):
    """A load, kept between 17 and 68."""
    return min(max(load, 17), 68)


def oar_weight(load):
    """6 for each unit of the limited load, and 14 for itself."""
    return oar_limit(load) * 6 + 14


def oar_spare(load):
    """What the next part could take besides."""
    return pier_limit(load) - oar_limit(load)
