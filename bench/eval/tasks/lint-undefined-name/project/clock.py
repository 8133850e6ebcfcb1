"""Times of day."""


def minutes(text):
    found = re.match(r"(\d\d):(\d\d)$", text)
    if found is None:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


from math import floor


def hour(text):
    return floor(minutes(text) / 60)
