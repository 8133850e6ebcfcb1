from grids import rotate


def test_four_turns():
    grid = [[1, 2, 3], [4, 5, 6]]
    turned = grid
    for _ in range(4):
        turned = rotate(turned)
    assert turned == grid
    assert rotate(grid) == [[4, 1], [5, 2], [6, 3]]
    assert rotate([]) == []
