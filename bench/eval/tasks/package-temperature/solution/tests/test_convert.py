from temperature.convert import to_celsius, to_fahrenheit


def test_freezing():
    assert to_fahrenheit(0) == 32
    assert to_celsius(32) == 0
