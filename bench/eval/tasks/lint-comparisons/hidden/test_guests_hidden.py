from guests import coming, has_seat, without_answer


def test_all():
    guests = [{"name": "A", "declined": True}, {"name": None}, {"name": "C"}]
    assert coming(guests) == ["C"]
    assert without_answer(guests) == [None, "C"]
    assert not has_seat("A", ["A"])
