from pathlib import Path

from minikeras.distribution.launch import run, threads_for
from tests.distribution.processes import mpirun

FOLDER = Path(__file__).parent


def test_alone_it_just_runs_the_script():
    assert run("script.py", ["a"], lambda path, arguments: (path, arguments)) == ("script.py", ["a"])


def test_threads_do_not_exceed_the_cores():
    four = {0, 1, 2, 3}
    assert threads_for(four, [four]) == 4
    assert threads_for(four, [four, four, four]) == 1
    assert threads_for({0}, [{0}] * 4) == 1
    # the launcher has bound two processes to two cores each
    assert threads_for({0, 1}, [{0, 1}, {2, 3}]) == 2


def test_another_script_is_refused_by_all(tmp_path):
    for number in (0, 1):
        (tmp_path / f"script{number}.py").write_text(f"print('script {number} runs')")
    commands = [("-m", "minikeras", "run", str(tmp_path / f"script{number}.py")) for number in (0, 1)]
    done = mpirun(1, *commands[0], programs=[commands[1]])
    assert done.returncode == 1 and "runs" not in done.stdout
    assert done.stderr.count("All processes must run the same script with the same versions, but the script is") == 2


def test_without_mpi4py_all_say_what_to_install(tmp_path):
    (tmp_path / "mpi4py").mkdir()
    (tmp_path / "mpi4py" / "__init__.py").write_text("raise ImportError('no MPI here')")
    (tmp_path / "script.py").write_text("print('it runs')")
    done = mpirun(
        2, "-m", "minikeras", "run", str(tmp_path / "script.py"), PYTHONPATH=f"{tmp_path}:{FOLDER.parents[1]}"
    )
    assert done.returncode == 1 and "it runs" not in done.stdout
    # the launcher may end one of them when the other has exited
    assert done.stderr.count('pip install "minikeras[mpi]"') in (1, 2), done.stderr


def test_processes_share_threads_seeds_and_the_distribution(tmp_path):
    (tmp_path / "script.py").write_text(
        "import os, random, sys, numpy, keras\n"
        "from minikeras.compiler.threads.blas_threads import numpy_blas\n"
        "found = keras.distribution.distribution()\n"
        "print(found.num_processes, found.data_shard_id, random.random(), numpy.random.random(), file=sys.stderr)\n"
        "cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()\n"
        "print(numpy_blas() is None or 2 * numpy_blas().count() <= max(2, cores), file=sys.stderr)\n"
    )
    # as many threads as BLAS likes, at first
    done = mpirun(2, "-m", "minikeras", "run", str(tmp_path / "script.py"), OMP_NUM_THREADS="64")
    assert done.returncode == 0, done.stderr
    lines = sorted(line.split() for line in done.stderr.splitlines())
    assert [line[:2] for line in lines[:2]] == [["2", "0"], ["2", "1"]] and lines[0][2:] == lines[1][2:]
    assert lines[2:] == [["True"], ["True"]]
