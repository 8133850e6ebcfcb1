"""The cabin of a ship: what it can hold and what it weighs."""

from fleet.deck import deck_limit


def cabin_limit(load):
    """A load, kept between 5 and 44."""
    return min(max(load, 5), 44)


def cabin_weight(load):
    """4 for each unit of the limited load, and 2 for itself."""
    return cabin_limit(load) * 4 + 2


def cabin_spare(load):
    """What the next part could take besides."""
    return deck_limit(load) - cabin_limit(load)
