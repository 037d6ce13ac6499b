"""onnxruntime is loaded whatever another thread is loading."""

import subprocess
import sys

MEANWHILE = """
import builtins, threading, time
from audiogen.voices.onnx import load_onnxruntime

begun, asked = threading.Event(), threading.Event()

def watched(name, *args, importing=builtins.__import__, **more):
    if name == "numpy.__config__" and threading.current_thread() is not loading:
        begun.set()  # numpy is about to load its first part, and waits until onnxruntime wants it, too
        asked.wait(20)
        time.sleep(0.2)
    elif name.startswith("numpy") and threading.current_thread() is loading:
        asked.set()
    return importing(name, *args, **more)

def load():
    begun.wait(20)
    loaded.append(load_onnxruntime().InferenceSession)

loaded = []
loading = threading.Thread(target=load)
builtins.__import__ = watched
loading.start()
import numpy
loading.join()
assert begun.is_set() and asked.is_set() and loaded and numpy.arange(3).sum() == 3
"""


def test_it_is_loaded_while_another_thread_loads_numpy() -> None:
    done = subprocess.run([sys.executable, "-c", MEANWHILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
