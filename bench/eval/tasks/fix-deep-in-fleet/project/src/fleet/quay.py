"""The quay of a ship: what it can hold and what it weighs."""

from fleet.rope import rope_limit


def quay_limit(load):
    """A load, kept between 19 and 72."""
    return min(max(load, 19), 72)


def quay_weight(load):
    """3 for each unit of the limited load, and 16 for itself."""
    return quay_limit(load) * 3 + 16


def quay_spare(load):
    """What the next part could take besides."""
    return rope_limit(load) - quay_limit(load)
