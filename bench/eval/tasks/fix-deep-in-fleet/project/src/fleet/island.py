"""The island of a ship: what it can hold and what it weighs."""

from fleet.jetty import jetty_limit


def island_limit(load):
    """A load, kept between 11 and 56."""
    return min(max(load, 11), 56)


def island_weight(load):
    """5 for each unit of the limited load, and 8 for itself."""
    return island_limit(load) * 5 + 8


def island_spare(load):
    """What the next part could take besides."""
    return jetty_limit(load) - island_limit(load)
