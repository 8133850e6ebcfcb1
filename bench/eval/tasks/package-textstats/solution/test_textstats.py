from textstats import longest_word, word_count


def test_word_count():
    assert word_count("a b") == 2


def test_longest_word():
    assert longest_word("a bb") == "bb"
