"""The files of OPERATIONS.md are true: the programs that read them take them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "OPERATIONS.md").read_text()
BLOCKS = re.findall(r"^```(ini|nginx)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
UNITS = [text for kind, text in BLOCKS if kind == "ini"]


def needs(program):
    """Without the program the test does not run and the summary says so; with CI set it fails."""
    is_missing = not shutil.which(program) and "CI" not in os.environ
    return pytest.mark.skipif(is_missing, reason=f"needs {program}")


def test_every_setting_it_names_is_one():
    named = set(re.findall(r"`([A-Z][A-Z_]+_[A-Z]+)[=`]", PAGE))
    described = (ROOT / ".env.example").read_text()
    assert len(named) > 5
    assert [name for name in named if f"#{name}=" not in described] == []


def test_what_the_units_start_is_there():
    started = re.findall(r"^ExecStart=(\S+) (.*)$", "\n".join(UNITS), re.MULTILINE)
    assert len(started) == 4
    for program, arguments in started:
        assert program == "/srv/newsroom/.venv/bin/python"
        module, *_command = arguments.removeprefix("-m ").split()
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


@pytest.mark.long
@needs("systemd-analyze")
def test_systemd_takes_the_units(tmp_path):
    names = (
        *("newsroom.service", "newsroom-timers.service", "newsroom-timers.timer"),
        *("newsroom-nightly.service", "newsroom-nightly.timer"),
    )
    for name, text in zip(names, UNITS, strict=True):
        # The rest of the machine is not the question.
        text = text.replace("/srv/newsroom/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(text.replace("/srv/newsroom", str(ROOT)))
    said = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in said.stderr.splitlines() if str(tmp_path) in line]
    assert complaints == []


@pytest.mark.long
@needs("nginx")
def test_nginx_takes_the_file(tmp_path):
    server = next(text for kind, text in BLOCKS if kind == "nginx")
    server = server.replace("/var/cache/nginx/newsroom", str(tmp_path / "cache"))
    whole = f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ {server} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    subprocess.run(["nginx", "-t", "-c", str(tmp_path / "nginx.conf")], check=True)
