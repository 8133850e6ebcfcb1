from bill import bill
from money import price_text


def test_more():
    assert price_text(5, "GBP") == "0.05 GBP"
    assert bill([], "GBP") == ["sum: 0.00 GBP"]
    assert bill([("a", 1)]) == ["a: 0.01 EUR", "sum: 0.01 EUR"]
