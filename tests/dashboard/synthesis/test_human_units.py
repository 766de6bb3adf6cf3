import pytest

from dashboard.synthesis.human_units import megabytes, rest_of_time


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (14_123, "14 kB"), (164_742, "165 kB"), (92_338_293, "92.3 MB")],
)
def test_bytes_in_words(count, words):
    assert megabytes(count) == words


@pytest.mark.parametrize(
    ("done", "left", "seconds", "words"),
    [
        (8_200_000, 36_900_000, 2.0, "4.1 MB/s, 9 s left"),
        (1_000_000, 300_000_000, 1.0, "1.0 MB/s, 5 min left"),
        (1_000, 36_000_000, 1.0, "1 kB/s, 10.0 h left"),
        (0, 10, 1.0, ""),
        (10, 10, 0.0, ""),
    ],
)
def test_speed_and_time_left(done, left, seconds, words):
    assert rest_of_time(done, left, seconds) == words
