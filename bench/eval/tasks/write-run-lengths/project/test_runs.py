from runs import decode, encode


def test_encode():
    assert encode("aaab") == "3a1b"
    assert encode("") == ""


def test_decode():
    assert decode("3a1b") == "aaab"
    assert decode("12x") == "x" * 12
