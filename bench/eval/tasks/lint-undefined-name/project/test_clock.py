from clock import hour


def test_hour_of_nothing():
    assert callable(hour)
