"""What a worker process runs first when it was started anew: the script of the main process, under another name.

`multiprocessing` imports the main module in such a process; `run_script` lets it take this one.
"""

import os

from minikeras.dropin import install
from minikeras.dropin.script import SCRIPT

if __name__ == "__mp_main__":
    install()
    __file__ = os.environ[SCRIPT]
    with open(__file__, "rb") as _script:
        exec(compile(_script.read(), __file__, "exec", dont_inherit=True))
