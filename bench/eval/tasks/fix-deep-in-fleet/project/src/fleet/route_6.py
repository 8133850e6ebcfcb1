"""Route 6: how long the ship is under way."""


def hours_6(miles, knots=14):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
