"""Attention falls with the place, and is never none."""

import numpy as np

from matching.kernel.exposure import examination


def test_attention_falls_with_the_place():
    chances = examination(np.arange(1000))
    assert (np.diff(chances) < 0).all()
    assert chances[0] == 1 and chances[-1] > 0
    assert examination(np.array([5]), attention=0).tolist() == [1]
    assert examination(np.array([8])).tolist() == [1 / 3]
