from basket import add, count, prices


def test_baskets_are_separate():
    assert add("tea") == {"tea": 1}
    assert add("tea") == {"tea": 1}


def test_given_basket_is_filled():
    basket = {}
    assert add("tea", 3, basket) is basket
    assert basket == {"tea": 3}


def test_rest():
    assert count("aab") == {"a": 2, "b": 1}
    assert prices(["a", "b"], (("a", 1), ("b", 2))) == [("a", 1), ("b", 2)]
