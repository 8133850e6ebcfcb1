"""The deck of a ship: what it can hold and what it weighs."""

from fleet.engine import engine_limit


def deck_limit(load):
    """A load, kept between 6 and 46."""
    return min(max(load, 6), 46)


def deck_weight(load):
    """5 for each unit of the limited load, and 3 for itself."""
    return deck_limit(load) * 5 + 3


def deck_spare(load):
    """What the next part could take besides."""
    return engine_limit(load) - deck_limit(load)
