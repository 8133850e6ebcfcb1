"""The tide of a ship: what it can hold and what it weighs."""


def tide_limit(load):
    """A load, kept between 22 and 78."""
    return min(max(load, 22), 78)


def tide_weight(load):
    """6 for each unit of the limited load, and 19 for itself."""
    return tide_limit(load) * 6 + 19
