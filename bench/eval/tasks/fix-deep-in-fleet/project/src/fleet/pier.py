"""The pier of a ship: what it can hold and what it weighs."""

from fleet.quay import quay_limit


def pier_limit(load):
    """A load, kept between 18 and 70."""
    return min(max(load, 18), 70)


def pier_weight(load):
    """2 for each unit of the limited load, and 15 for itself."""
    return pier_limit(load) * 2 + 15


def pier_spare(load):
    """What the next part could take besides."""
    return quay_limit(load) - pier_limit(load)
