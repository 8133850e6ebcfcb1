from wrapping import wrap


def test_full_lines():
    assert wrap("aaaa bbb cc", 8) == ["aaaa bbb", "cc"]
    assert wrap("one two three four", 9) == ["one two", "three", "four"]


def test_a_long_word():
    assert wrap("a incomprehensible b", 5) == ["a", "incomprehensible", "b"]


def test_every_width():
    text = "the quick brown fox jumps over the lazy dog"
    for width in range(5, 50):
        assert all(len(line) <= width for line in wrap(text, width))
        assert " ".join(wrap(text, width)) == text
