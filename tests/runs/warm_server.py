"""The server of warm Pythons: see `warm`."""

import ast
import atexit
import builtins
import contextlib
import gc
import importlib
import os
import runpy
import select
import signal
import socket
import sys
import threading
from pathlib import Path

PACKAGES = (
    "contourpy", "fontTools.subset", "grimp", "jinja2", "jsonschema",
    "matplotlib.backends.backend_pdf", "matplotlib.backends.backend_svg", "matplotlib.pyplot",
    "numpy", "pandas", "pyarrow.pandas_compat", "pyarrow.parquet", "requests", "scipy.optimize",
    "scipy.stats", "sklearn.calibration", "sklearn.neighbors", "sklearn.pipeline", "sklearn.tree",
    "seaborn", "smart_open",
    "snakemake.assets", "snakemake.cli", "snakemake.executors.local", "snakemake.profiles",
    "snakemake.report.html_reporter", "snakemake.storage",
)  # fmt: skip


def serve(address, python, more):
    """Fork for each program, until the standard input ends; in each fork, return what runs it.

    Parameters
    ----------
    address : str
        The path of the socket.
    python : str
        The client, to be the Python of the programs.
    more : tuple of str
        Packages to import besides `PACKAGES`.
    """
    paths = sys.path[2:]  # without the folder of this file, and that of `-c`
    for name in (*PACKAGES, *more):
        importlib.import_module(name)
    sys.modules["snakemake.cli"].get_argument_parser()  # it finds and imports the plugins
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(100)
    os.write(1, b"ready\n")
    running = {}  # the process and the connection of each, by its descriptor
    while True:
        ready, _, _ = select.select([0, listener, *running], [], [])
        if 0 in ready:
            os._exit(0)
        for ended in set(ready) & running.keys():
            pid, connection = running.pop(ended)
            os.close(ended)
            _, status = os.waitpid(pid, 0)
            connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
            connection.close()
        if listener in ready:
            connection, _ = listener.accept()
            _, files, _, _ = socket.recv_fds(connection, 1, 3)
            with connection.makefile() as request:
                arguments, folder, environment = ast.literal_eval(request.readline())
            pid = os.fork()
            if not pid:
                for each in (listener, connection, *(other for _, other in running.values())):
                    each.close()
                for descriptor in running:
                    os.close(descriptor)
                return lambda: run(arguments, folder, environment, files, python, paths)
            for file in files:
                os.close(file)
            running[os.pidfd_open(pid)] = pid, connection


def run(arguments, folder, environment, files, python, paths):
    """Become the process that was asked for, run its program, and end."""
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    sys.executable = python
    importlib.import_module("numpy").random.seed()
    importlib.invalidate_caches()
    more = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:] = [*more, *paths]
    if arguments[0] == "-P":  # no folder of the program
        del arguments[0]
        is_module = True
    else:
        is_module = arguments[0] == "-m"
        sys.path.insert(0, folder if is_module else str(Path(arguments[0]).parent.absolute()))
    del sys.modules["warm_server"]
    sys.modules.pop("sitecustomize", None)  # Debian's Python has one
    with contextlib.suppress(ImportError):
        importlib.import_module("sitecustomize")  # as Python does when it starts
    code = 0
    try:
        run_module(arguments[1:]) if is_module else run_script(arguments)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    # As Python ends, but without taking each object apart, which costs more than a short job.
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run_module(arguments):
    """Do what `python -m` does."""
    sys.argv = ["-m", *arguments[1:]]
    runpy._run_module_as_main(arguments[0])


def run_script(arguments):
    """Do what `python` does with a file."""
    sys.argv = arguments
    file = str(Path(arguments[0]).absolute())
    names = sys.modules["__main__"].__dict__
    names.clear()
    names |= {"__name__": "__main__", "__file__": file, "__builtins__": builtins}
    exec(compile(Path(file).read_bytes(), file, "exec"), names)
