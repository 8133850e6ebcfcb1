from guests import coming, has_seat, without_answer

GUESTS = [
    {"name": "Ada", "declined": False},
    {"name": "Bo", "declined": True},
    {"name": "Cy"},
]


def test_coming():
    assert coming(GUESTS) == ["Ada", "Cy"]


def test_without_answer():
    assert without_answer(GUESTS) == ["Cy"]


def test_has_seat():
    assert has_seat("Ada", ["Bo"])
