import calendar
from calendars import is_leap


def test_five_centuries():
    years = range(1600, 2101)
    assert [y for y in years if is_leap(y)] == [y for y in years if calendar.isleap(y)]
