"""The ladder of a ship: what it can hold and what it weighs."""

from fleet.mast import mast_limit


def ladder_limit(load):
    """A load, kept between 14 and 62."""
    return min(max(load, 14), 62)


def ladder_weight(load):
    """3 for each unit of the limited load, and 11 for itself."""
    return ladder_limit(load) * 3 + 11


def ladder_spare(load):
    """What the next part could take besides."""
    return mast_limit(load) - ladder_limit(load)
