"""A warm Python runs a program as a new one does, and has nothing of the library loaded."""

import os
import subprocess
import sys
import textwrap

import pytest
import warm
from processes import python
from project import Project

ALIKE = {
    "arguments": "print(sys.argv, __name__, __file__)",
    "directory": "print(os.getcwd())",
    "variables": "print(sorted(set(os.environ) - {'LC_CTYPE', '_'}))",
    "paths": "print(sys.path)",
    "output and errors in order": "print(1); print(2, file=sys.stderr); print(3, flush=True)",
    "an exit code": "sys.exit(3)",
    "a message": "sys.exit('error: no')",
    "no exit code": "sys.exit()",
    "an exception": "1 / 0",
    "a signal": "os.kill(os.getpid(), 9)",
    "handlers at the end": "import atexit; atexit.register(print, 'end'); print('begin')",
    "a thread that outlives the program": """
        import threading, time
        threading.Thread(target=lambda: (time.sleep(0.2), print("last"))).start()
    """,
    "a class that is pickled": """
        import pickle
        class Mine: pass
        print(type(pickle.loads(pickle.dumps(Mine()))))
    """,
    "what it imports": "import beside; print(beside.number)",
    "an own session": "print(os.getsid(0) == os.getpid(), os.isatty(0), sys.stdin.read())",
    "bytecode": "print(sys.dont_write_bytecode)",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "beside.py").write_text("number = 7\n")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/there.py").write_text("")
    return tmp_path


def run_both(arguments, folder):
    """Run a program in a warm Python and in a new one; return what each did."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "ours"), "MINE": "1"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    new = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    code, output, _ = warm.server().run(arguments, folder, environment, subprocess.STDOUT)
    return (code, output), (new.returncode, new.stdout)


@pytest.mark.parametrize("way", ["a script", "a module"])
@pytest.mark.parametrize("program", ALIKE)
def test_a_warm_python_does_what_a_new_one_does(program, way, folder):
    text = f"import os, sys\n{textwrap.dedent(ALIKE[program])}\n"
    (folder / "program.py").write_text(text)
    arguments = {"a script": ["program.py"], "a module": ["-m", "program"]}[way]
    forked, new = run_both([*arguments, "one", "--two"], folder)
    assert without_frames(forked) == without_frames(new)


def test_a_module_that_is_not_to_see_its_folder_does_not(folder):
    (folder / "ours/there.py").write_text("import sys; print(sys.path, sys.argv, __name__)")
    forked, new = run_both(["-P", "-m", "there"], folder)
    assert forked == new


def without_frames(outcome):
    """Return the exit code and the output, without the frames of a traceback that are not ours."""
    code, output = outcome
    if "Traceback" in output:
        output = output.splitlines()[-1]
    return code, output


def test_the_jobs_of_a_warm_run_are_warm_and_what_needs_a_new_python_gets_one(folder):
    show = "import os, sys\nprint('snakemake' in sys.modules, os.environ.get('OMP_NUM_THREADS'))"
    (folder / "job.py").write_text(show)
    program = """
        import os, subprocess, sys
        for threads in "1", "2":
            environment = {**os.environ, "OMP_NUM_THREADS": threads}
            subprocess.run([sys.executable, "job.py"], env=environment)
        subprocess.run([sys.executable, "-c", "import sys; print('snakemake' in sys.modules)"])
        ended = subprocess.run([sys.executable, "killed.py"])
        print(ended.returncode, flush=True)
    """
    (folder / "killed.py").write_text("import os; os.kill(os.getpid(), 15)")
    (folder / "program.py").write_text(textwrap.dedent(program))
    _, output, _ = warm.server().run(["program.py"], folder, {}, subprocess.STDOUT)
    assert output.splitlines() == ["True 1", "False 2", "False", "-15"]


def test_variables_another_python_and_a_start_without_waiting_make_a_new_python(
    finished, tmp_path, monkeypatch
):
    asked = []
    monkeypatch.setattr(warm, "server", lambda: asked.append(1) or pytest.fail("asked"))
    project = Project(finished.folder)
    project.variables = {"LC_ALL": "C.UTF-8"}
    project.run("--version")
    project.variables = {}
    project.start("--version").communicate()
    project.run("--version", before=lambda: None)
    assert not asked


@pytest.mark.thorough  # it starts a server of its own, which takes seconds
def test_a_server_ends_with_the_tests():
    show = "import warm; print(warm.server().process.pid)"
    program = f"import sys; sys.path[:0] = {sys.path!r}; {show}"
    done = python("-c", program, env=None)
    assert not os.path.exists(f"/proc/{int(done.stdout)}")
