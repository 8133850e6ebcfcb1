"""Route 5: how long the ship is under way."""


def hours_5(miles, knots=13):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
