from find import position


def test_every_place_of_every_length():
    for length in range(12):
        values = [2 * index for index in range(length)]
        for index, value in enumerate(values):
            assert position(values, value) == index
        for odd in range(-1, 2 * length + 1, 2):
            assert position(values, odd) == -1
