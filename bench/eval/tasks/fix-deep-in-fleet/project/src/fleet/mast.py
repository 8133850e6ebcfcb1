"""The mast of a ship: what it can hold and what it weighs."""

from fleet.net import net_limit


def mast_limit(load):
    """A load, kept between 15 and 64."""
    return min(max(load, 15), 64)


def mast_weight(load):
    """4 for each unit of the limited load, and 12 for itself."""
    return mast_limit(load) * 4 + 12


def mast_spare(load):
    """What the next part could take besides."""
    return net_limit(load) - mast_limit(load)
