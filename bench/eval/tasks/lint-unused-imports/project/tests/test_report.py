from report.render import render
from report.rows import Row


def test_total_stands_last():
    text = render([Row("tea", 3), Row("milk", 2)])
    assert text.splitlines()[-1].split() == ["total", "5"]
