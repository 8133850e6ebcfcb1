"""Days on which people work: Monday to Friday."""

from datetime import date, timedelta


def is_workday(day: date) -> bool:
    return day.weekday() < 5


def add_workdays(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        if is_workday(day):
            count -= 1
    return day
