"""Main module of spawned worker processes: runs the script of the main process under the name `__mp_main__`.

`multiprocessing` imports the main module in a spawned process; `run_script` makes it import this one.
"""

import os

from minikeras.dropin import install
from minikeras.dropin.script import SCRIPT

if __name__ == "__mp_main__":
    install()
    __file__ = os.environ[SCRIPT]
    with open(__file__, "rb") as _script:
        exec(compile(_script.read(), __file__, "exec", dont_inherit=True))
