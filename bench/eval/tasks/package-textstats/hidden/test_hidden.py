from textstats import longest_word, word_count


def test_all():
    assert word_count("one two  three") == 3
    assert word_count("") == 0
    assert longest_word("a bbb cc ddd") == "bbb"
    assert longest_word("") == ""
