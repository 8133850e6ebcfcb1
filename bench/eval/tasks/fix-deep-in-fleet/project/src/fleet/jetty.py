"""The jetty of a ship: what it can hold and what it weighs."""

from fleet.keel import keel_limit


def jetty_limit(load):
    """A load, kept between 12 and 58."""
    return min(max(load, 12), 58)


def jetty_weight(load):
    """6 for each unit of the limited load, and 9 for itself."""
    return jetty_limit(load) * 6 + 9


def jetty_spare(load):
    """What the next part could take besides."""
    return keel_limit(load) - jetty_limit(load)
