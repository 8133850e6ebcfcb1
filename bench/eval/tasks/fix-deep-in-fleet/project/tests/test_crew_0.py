from fleet.crew_0 import watch_0


def test_watch():
    assert watch_0(1)
    assert not watch_0(4)
