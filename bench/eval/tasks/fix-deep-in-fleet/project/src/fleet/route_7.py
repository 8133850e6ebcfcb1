"""Route 7: how long the ship is under way."""


def hours_7(miles, knots=15):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
