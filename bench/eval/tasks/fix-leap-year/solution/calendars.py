"""Years and their lengths."""


def is_leap(year):
    """Every fourth year, but not the centuries, but every fourth century."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_year(year):
    return 366 if is_leap(year) else 365
