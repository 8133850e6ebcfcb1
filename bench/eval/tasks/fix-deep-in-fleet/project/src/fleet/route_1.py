"""Route 1: how long the ship is under way."""


def hours_1(miles, knots=9):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
