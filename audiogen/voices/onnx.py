"""Load onnxruntime, on which the built-in voice and Piper run, with its telemetry off.

From 1.29 on, onnxruntime reports the machine, the program and each model to its maker and leaves an identifier of the
device in the user's cache folder. Only a variable in the environment turns all of that off, and it is read while the
library is loaded. So it is set for that moment, in the environment that C libraries see; `os.environ` stays as it is.
"""

import os
import threading
from types import ModuleType

_SWITCH = "ORT_DISABLE_TELEMETRY"
_loading = threading.Lock()


def load_onnxruntime() -> ModuleType:
    """Return onnxruntime; to be called before anything else is imported that imports it.

    Where the program around us has loaded it already, its further reports are turned off. numpy comes before it: while
    another thread imports that, onnxruntime would ask for a part of it, and each thread would wait for what the other
    has begun. Python then gives one of them half a module.

    Raises: ImportError.
    """
    import numpy  # noqa: F401 - whole, before a part of it

    with _loading:
        before = os.environ.get(_SWITCH)
        os.putenv(_SWITCH, "1")
        try:
            import onnxruntime
        finally:
            if before is None:
                os.unsetenv(_SWITCH)
            else:
                os.putenv(_SWITCH, before)
    onnxruntime.disable_telemetry_events()
    module: ModuleType = onnxruntime
    return module
