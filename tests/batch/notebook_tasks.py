"""Notebooks for the workers, good and bad: what a bad one does must not be seen by a good one."""

import os
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from workbook.pack.run import run_notebooks

# What a good notebook says of the process it runs in, besides a chart drawn by the worker and the step itself.
WITNESS = """
import builtins, gc, json, locale, os, signal, sys, threading, warnings
import numpy as np
import pandas as pd
import workbook.words
from IPython.display import display
from workbook.blocks import Heading, Step, Words, to_record
from workbook.pack.report import RECORD
from workbook.render import svg

seen = {
    "names": sorted(n for n in globals() if n.startswith("left")),
    "builtins": hasattr(builtins, "left"),
    "module": workbook.words.number(1234.5, 1),
    "modules": "left_module" in sys.modules,
    "pandas": [pd.get_option("display.max_rows"), pd.get_option("display.precision")],
    "numpy": repr(np.float64(1) / 3) + str(np.get_printoptions()["precision"]) + str(np.random.random()),
    "warnings": [str(f[0]) for f in warnings.filters],
    "environment": {k: v for k, v in os.environ.items() if k.startswith(("LEFT", "TZ", "LC_"))},
    "folder": os.path.basename(os.getcwd()),
    "path": [p for p in sys.path if "left" in p],
    "threads": threading.active_count(),
    "files": len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0,
    "locale": locale.setlocale(locale.LC_ALL),
    "mask": os.umask(0o022),
    "alarm": signal.getsignal(signal.SIGALRM) == signal.SIG_DFL,
    "recursion": sys.getrecursionlimit(),
}
bars = {"data": {"values": [{"a": "x", "b": 2}, {"a": "y", "b": 3}]}, "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}}
step = Step("witness", "Witness", (Heading("Seen", "seen"), Words((json.dumps(seen, sort_keys=True),))))
display({"text/html": svg.picture(bars)}, raw=True)
display({RECORD: to_record(step), "text/plain": "Recorded"}, raw=True)
"""

# What a bad notebook does, by a word for it; {sign} is a file it may write.
BAD = {
    "global": "left = 1\nimport builtins\nbuiltins.left = 1",
    "module": "import workbook.words as words, workbook.pack.report\nwords.number = lambda *a, **k: 'left'\n"
    "workbook.pack.report.Page.record = None\nimport nbformat, workbook.pack.normalise as n\nn.written = None",
    "new module": "import sys, types\nsys.modules['left_module'] = types.ModuleType('left_module')",
    "options": "import pandas as pd, numpy as np, warnings, sys\npd.set_option('display.max_rows', 3)\n"
    "pd.set_option('display.precision', 1)\nnp.set_printoptions(precision=2)\nnp.random.seed(1)\n"
    "warnings.simplefilter('error')\nsys.setrecursionlimit(5000)",
    "environment": "import os, sys, locale, time\nos.environ.update(LEFT='1', TZ='Asia/Tokyo', LC_ALL='C')\n"
    "time.tzset()\nsys.path.insert(0, '/left')\nlocale.setlocale(locale.LC_ALL, 'C')\nos.umask(0o077)",
    "folder": "import os\nos.chdir('/')",
    "signals": "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nsignal.alarm(1)",
    "thread": "import threading, time, pathlib\n"
    "def late():\n    time.sleep(1)\n    pathlib.Path({sign!r}).touch()\n"
    "threading.Thread(target=late).start()",
    "process": "import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 1; touch \"$0\"', {sign!r}])",
    "files": "left = [open('/dev/null') for _ in range(50)]",
    "collector": "import gc\ngc.disable()",
    "exit": "import os\nos._exit(3)",
    "quiet exit": "import os\nos._exit(0)",
    "leave": "import sys\nsys.exit(3)",
    "segmentation": "import ctypes\nctypes.string_at(0)",
    "kill": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "memory": "held = []\nwhile True:\n    held.append(bytearray(1 << 28))",
    "stem": "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)",
    "garbage": "import os\nfor n in range(3, 60):\n    try:\n        os.write(n, b'x' * 9)\n    except OSError:\n        pass",
    "exception": "raise ValueError('seven')",
    "hang": "import time, pathlib, subprocess\n"
    "subprocess.Popen(['sh', '-c', 'sleep 9; touch \"$0\"', {sign!r}])\ntime.sleep(600)",
}


def shelf(folder: Path, bad: str = "", sign: Path | None = None) -> Path:
    """A folder of notebooks: the bad one where one is named, and the witness."""
    folder.mkdir(parents=True)
    sources = {"1_witness": WITNESS}
    if bad:
        sources = {"0_bad": BAD[bad].format(sign=str(sign)) if "{sign" in BAD[bad] else BAD[bad], **sources}
    for name, source in sources.items():
        parameters = new_code_cell('plan_path = ""\nmode = "guide"', metadata={"tags": ["parameters"]})
        record = [] if name == "1_witness" else [new_code_cell(_NOTHING)]
        nb = new_notebook(cells=[parameters, new_code_cell(source), *record])
        nbformat.write(nb, folder / f"{name}.ipynb")
    return folder


_NOTHING = """
from IPython.display import display
from workbook.blocks import Step, to_record
display({"application/vnd.commissioning-workbook.step+json": to_record(Step("bad", "Bad", ()))}, raw=True)
"""


def run(plan: str, out: str, folder: str) -> list[str]:
    """The notebooks of a folder, run for a plan; gives the steps."""
    Path(out).mkdir(parents=True)
    return list(run_notebooks(Path(plan), Path(out), folder=Path(folder)))


def processes(plan: str, out: str, folder: str) -> list[int]:
    """The worker that ran the notebooks of a folder, and the processes it has itself."""
    run(plan, out, folder)
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [os.getpid(), *map(int, children)]
