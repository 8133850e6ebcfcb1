"""Levels of a game, read from text."""


def parse_level(text):
    try:
        return int(text)
    except:
        return None


def greeting():
    return f"Welcome"


def longest(lines):
    best = ""
    for l in lines:
        if len(l) > len(best):
            best = l
    return best
