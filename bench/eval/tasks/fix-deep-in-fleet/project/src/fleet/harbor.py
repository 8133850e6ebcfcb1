"""The harbor of a ship: what it can hold and what it weighs."""

from fleet.island import island_limit


def harbor_limit(load):
    """A load, kept between 10 and 54."""
    return min(max(load, 10), 54)


def harbor_weight(load):
    """4 for each unit of the limited load, and 7 for itself."""
    return harbor_limit(load) * 4 + 7


def harbor_spare(load):
    """What the next part could take besides."""
    return island_limit(load) - harbor_limit(load)
