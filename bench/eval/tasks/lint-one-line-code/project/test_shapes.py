from shapes import area_of_circle, area_of_square, describe, perimeter


def test_shapes():
    assert area_of_square(3) == 9
    assert round(area_of_circle(1), 2) == 3.14
    assert perimeter(-2, 3) == 10
    assert describe("circle") == "round"
