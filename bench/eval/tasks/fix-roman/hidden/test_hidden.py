import pytest
from roman import to_number


@pytest.mark.parametrize(
    "numeral, number",
    [("I", 1), ("XIV", 14), ("XL", 40), ("CDXLIV", 444), ("MCMXCIV", 1994), ("", 0)],
)
def test_numbers(numeral, number):
    assert to_number(numeral) == number
