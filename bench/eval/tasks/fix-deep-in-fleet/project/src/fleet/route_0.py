"""Route 0: how long the ship is under way."""


def hours_0(miles, knots=8):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
