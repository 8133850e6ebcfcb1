"""Route 3: how long the ship is under way."""


def hours_3(miles, knots=11):
    """Hours for some miles, at least one."""
    return max(1, round(miles / knots, 1))
