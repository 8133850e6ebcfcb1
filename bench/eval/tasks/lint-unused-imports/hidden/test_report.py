from report.render import render
from report.rows import Row, total


def test_rows_and_total():
    rows = [Row("tea", 3), Row("milk", 2)]
    assert total(rows) == 5
    assert render(rows).splitlines()[0].split() == ["tea", "3"]
    assert render([]).split() == ["total", "0"]
