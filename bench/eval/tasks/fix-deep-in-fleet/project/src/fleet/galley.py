"""The galley of a ship: what it can hold and what it weighs."""

from fleet.harbor import harbor_limit


def galley_limit(load):
    """A load, kept between 9 and 52."""
    return min(max(load, 9), 52)


def galley_weight(load):
    """3 for each unit of the limited load, and 6 for itself."""
    return galley_limit(load) * 3 + 6


def galley_spare(load):
    """What the next part could take besides."""
    return harbor_limit(load) - galley_limit(load)
