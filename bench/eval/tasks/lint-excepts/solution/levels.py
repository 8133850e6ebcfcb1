"""Levels of a game, read from text."""


def parse_level(text):
    try:
        return int(text)
    except ValueError:
        return None


def greeting():
    return "Welcome"


def longest(lines):
    best = ""
    for line in lines:
        if len(line) > len(best):
            best = line
    return best
