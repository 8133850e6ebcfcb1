"""Route 4: how long the ship is under way."""


def hours_4(miles, knots=12):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
