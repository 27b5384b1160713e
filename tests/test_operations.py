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
NAMED = {text.splitlines()[0].removeprefix("# "): text for _kind, text in BLOCKS}
UNITS = {Path(name).name: text for name, text in NAMED.items() if "/systemd/" in name}


def needs(program):
    """Without the program the test does not run and the summary says so; with CI set it fails."""
    is_missing = not shutil.which(program) and "CI" not in os.environ
    return pytest.mark.skipif(is_missing, reason=f"needs {program}")


def test_every_setting_it_names_is_one():
    named = set(re.findall(r"`([A-Z][A-Z_]+_[A-Z]+)[=`]", PAGE))
    described = (ROOT / ".env.example").read_text()
    assert len(named) > 5
    assert [name for name in named if f"#{name}=" not in described] == []


def test_every_unit_it_switches_on_or_names_is_there():
    named = set(re.findall(r"newsroom[a-z-]*\.(?:service|timer)", PAGE))
    switched = re.search(r"systemctl enable --now (.*)", PAGE)[1].split()
    assert named <= set(UNITS)
    assert {name for name in UNITS if "[Install]" in UNITS[name]} == {
        name if "." in name else f"{name}.service" for name in switched
    }


def test_the_settings_it_begins_with_are_taken(tmp_path):
    settings = re.search(r"/\.env <<'END'\n(.*?)^END$", PAGE, re.DOTALL | re.MULTILINE)[1]
    key = re.search(r'^echo "SECRET_KEY=\$\((.*)\)" >> ', PAGE, re.MULTILINE)[1]
    secret = subprocess.check_output(key.split(), text=True).strip()
    values = dict(line.split("=", 1) for line in [*settings.split(), f"SECRET_KEY={secret}"])
    host = values["SITE_URL"].removeprefix("https://")
    values |= {"ALLOWED_HOSTS": host, "MEDIA_ROOT": str(tmp_path)}  # the first as a start sets it
    said = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr


def test_what_the_units_start_is_there():
    started = re.findall(r"^ExecStart=(\S+) (.*)$", "\n".join(UNITS.values()), re.MULTILINE)
    assert len(started) == 4
    for program, arguments in started:
        assert program == "/srv/newsroom/.venv/bin/python"
        module, *_command = arguments.removeprefix("-m ").split()
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


@pytest.mark.long
@needs("systemd-analyze")
def test_systemd_takes_the_units(tmp_path):
    for name, text in UNITS.items():
        # The rest of the machine is not the question.
        text = text.replace("/srv/newsroom/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(text.replace("/srv/newsroom", str(ROOT)))
    said = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in said.stderr.splitlines() if str(tmp_path) in line]
    assert complaints == []
