"""Days on which people work: Monday to Friday."""

from datetime import date


def is_workday(day: date) -> bool:
    return day.weekday() < 5
