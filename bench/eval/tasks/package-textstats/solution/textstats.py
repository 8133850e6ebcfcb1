def word_count(text):
    return len(text.split())


def longest_word(text):
    return max(text.split(), key=len, default="")
