"""Route 2: how long the ship is under way."""


def hours_2(miles, knots=10):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
