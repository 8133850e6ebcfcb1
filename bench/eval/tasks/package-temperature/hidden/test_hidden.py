import pytest
from temperature.convert import to_celsius, to_fahrenheit


def test_all():
    assert to_fahrenheit(100) == pytest.approx(212)
    assert to_fahrenheit(-40) == pytest.approx(-40)
    assert to_celsius(32) == pytest.approx(0)
    assert to_celsius(to_fahrenheit(37.5)) == pytest.approx(37.5)
