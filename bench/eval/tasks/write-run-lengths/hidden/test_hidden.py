from runs import decode, encode


def test_both_ways():
    for text in ("", "a", "abc", "aabbccaa", "z" * 30 + "y"):
        assert decode(encode(text)) == text
    assert encode("abca") == "1a1b1c1a"
