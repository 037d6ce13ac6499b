"""All tests. What they compute is too little to be worth numpy's threads, which keep every core busy to wait."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded
