"""The net of a ship: what it can hold and what it weighs."""

from fleet.oar import oar_limit


def net_limit(load):
    """A load, kept between 16 and 66."""
    return min(max(load, 16), 66)


def net_weight(load):
    """5 for each unit of the limited load, and 13 for itself."""
    return net_limit(load) * 5 + 13


def net_spare(load):
    """What the next part could take besides."""
    return oar_limit(load) - net_limit(load)
