from basket import add, count, prices


def test_add_to_a_basket():
    assert add("tea", 2, {"tea": 1}) == {"tea": 3}


def test_count():
    assert count(["a", "b", "a"]) == {"a": 2, "b": 1}


def test_prices():
    assert prices(["tea"], (("tea", 300),)) == [("tea", 300)]
