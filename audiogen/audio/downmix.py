"""Several channels -> one, in which nothing is lost that either of them has."""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = TypeVar("Samples", NDArray[np.float32], NDArray[np.float64])

CANCELLED = 0.1  # of the power of the loudest channel: less than this in the mean is the work of opposite phases


def downmix(samples: "Samples") -> "Samples":
    """Mix channels, [samples, channels], to one: their mean, or the loudest of them where they cancel each other.

    A microphone or a cable that is wired the wrong way round gives two sides whose mean is silence.
    """
    import numpy as np

    mean: Samples = samples.mean(axis=1)
    if samples.shape[1] == 1 or not len(samples):
        return mean
    powers = np.square(samples).mean(axis=0)
    loudest: Samples = np.ascontiguousarray(samples[:, int(powers.argmax())])
    return loudest if np.square(mean).mean() < CANCELLED * powers.max() else mean
