"""From an empty folder to a site that stays up: what `make run` does."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection

from newsroom import start
from newsroom.management.commands import serve
from newsroom.roles import Role
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_environment():
    """Let a test change the environment as it likes."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestSecrets:
    def test_a_first_start_writes_them_for_us_alone(self, tmp_path):
        start.keep_secrets(tmp_path / "var" / "env")
        text = (tmp_path / "var" / "env").read_text()
        values = dict(line.split("=", 1) for line in text.splitlines())
        assert set(values) == {"SECRET_KEY", "DEMO_PASSWORD"}
        assert len(values["SECRET_KEY"]) >= 50
        assert mode(tmp_path / "var" / "env") == 0o600
        assert mode(tmp_path / "var") == 0o700

    def test_a_folder_that_was_there_becomes_ours_alone_too(self, tmp_path):
        (tmp_path / "var").mkdir(mode=0o755)
        start.keep_secrets(tmp_path / "var" / "env")
        assert mode(tmp_path / "var") == 0o700

    def test_two_machines_have_different_ones(self, tmp_path):
        start.keep_secrets(tmp_path / "a")
        start.keep_secrets(tmp_path / "b")
        assert (tmp_path / "a").read_text() != (tmp_path / "b").read_text()

    def test_a_second_start_changes_nothing(self, tmp_path):
        start.keep_secrets(tmp_path / "env")
        before = (tmp_path / "env").read_text()
        start.keep_secrets(tmp_path / "env")
        assert (tmp_path / "env").read_text() == before

    def test_what_stands_there_stays_and_only_the_rest_is_added(self, tmp_path):
        path = tmp_path / "env"
        path.write_text("DEMO_PASSWORD=cua-toi")
        path.chmod(0o644)
        start.keep_secrets(path)
        lines = path.read_text().splitlines()
        assert lines[0] == "DEMO_PASSWORD=cua-toi"
        assert [line.split("=")[0] for line in lines] == ["DEMO_PASSWORD", "SECRET_KEY"]
        assert mode(path) == 0o600


class TestHosts:
    @pytest.fixture(autouse=True)
    def _no_hosts(self, tmp_path):
        for name in ("ALLOWED_HOSTS", "HOST", "SITE_URL"):
            os.environ.pop(name, None)
        self.chosen, self.kept = tmp_path / ".env", tmp_path / "env"

    def hosts(self):
        start.prepare_environment(self.chosen, self.kept)
        return os.environ["ALLOWED_HOSTS"].split(",")

    def test_a_first_start_answers_on_this_machine(self):
        assert self.hosts() == ["127.0.0.1", "localhost"]

    def test_the_host_and_the_public_address_count_too(self):
        os.environ |= {"HOST": "10.0.0.5", "SITE_URL": "https://bao.example.vn"}
        assert self.hosts() == ["127.0.0.1", "localhost", "10.0.0.5", "bao.example.vn"]

    def test_they_are_read_from_the_file_one_writes(self):
        self.chosen.write_text("SITE_URL=https://bao.example.vn\n")
        assert "bao.example.vn" in self.hosts()

    def test_whoever_names_them_is_right(self):
        os.environ["ALLOWED_HOSTS"] = "bao.example.vn"
        assert self.hosts() == ["bao.example.vn"]


@contextmanager
def listening(*options: int):
    with closing(socket.socket()) as taken:
        for option in options:
            taken.setsockopt(socket.SOL_SOCKET, option, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def free_port() -> int:
    with listening() as port:
        return port


class TestBeforeServing:
    @pytest.mark.parametrize("options", [(), (socket.SO_REUSEADDR, socket.SO_REUSEPORT)])
    def test_a_busy_port_ends_in_one_sentence(self, options):
        with listening(*options) as port, pytest.raises(CommandError) as refusal:
            serve.check_port("127.0.0.1", port)
        assert len(str(refusal.value).splitlines()) == 1
        assert f"127.0.0.1:{port}" in str(refusal.value)

    def test_a_free_port_is_free(self):
        serve.check_port("127.0.0.1", free_port())

    def test_a_database_that_does_not_answer_ends_in_one_sentence(self, monkeypatch):
        def fail():
            raise OperationalError("connection refused\nIs the server running?")

        monkeypatch.setattr(connection, "ensure_connection", fail)
        with pytest.raises(CommandError) as refusal:
            serve.check_database()
        assert str(refusal.value).endswith("connection refused")

    @pytest.mark.django_db
    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one encoding")
    def test_a_database_that_does_not_know_our_letters_ends_in_one_sentence(self, monkeypatch):
        beside = connection.copy()
        name = f"newsroom_ascii_{os.getpid()}"
        beside.cursor().execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
        )
        ascii_only = connection.copy()
        ascii_only.settings_dict["NAME"] = name
        monkeypatch.setattr(serve, "connection", ascii_only)
        try:
            with pytest.raises(CommandError) as refusal:
                serve.check_database()
        finally:
            ascii_only.close()
            beside.cursor().execute(f"DROP DATABASE {name}")
            beside.close()
        assert "SQL_ASCII" in str(refusal.value)
        assert "-E UTF8" in str(refusal.value)
        assert len(str(refusal.value).splitlines()) == 1

    @pytest.mark.django_db
    def test_a_database_that_does_is_taken(self):
        serve.check_database()

    @pytest.mark.parametrize(
        ("demo", "vendor", "wanted"),
        [
            (None, "sqlite", True),
            (None, "postgresql", False),
            (True, "postgresql", True),
            (False, "sqlite", False),
        ],
    )
    def test_the_demo_goes_into_postgresql_only_if_asked_for(
        self, settings, monkeypatch, demo, vendor, wanted
    ):
        settings.DEMO = demo
        monkeypatch.setattr(connection, "vendor", vendor)
        assert serve.demo_is_wanted() is wanted


@pytest.mark.django_db
class TestGreeting:
    def test_it_says_where_the_site_is(self, settings):
        settings.SITE_URL = "http://10.0.0.5:8001"
        said = serve.greeting()
        assert "http://10.0.0.5:8001/\n" in said
        assert "http://10.0.0.5:8001/admin/" in said

    def test_it_names_the_demo_accounts_and_their_password(self, settings):
        factories.user(Role.REPORTER, username="phongvien", full_name="Trung Kiên")
        factories.user(Role.EDITOR, username="bientap", is_active=False)
        said = serve.greeting()
        assert settings.DEMO_PASSWORD in said
        assert "phongvien" in said
        assert "Trung Kiên" in said
        assert "bientap" not in said

    def test_without_them_it_says_how_to_make_a_first_account(self, settings):
        said = serve.greeting()
        assert "createsuperuser" in said
        assert settings.DEMO_PASSWORD not in said

    def test_where_somebody_can_log_in_there_is_nothing_to_make(self):
        factories.user(Role.ADMINISTRATOR, username="chanhvp")
        assert "createsuperuser" not in serve.greeting()


# The whole of it, in a copy of the code


@pytest.fixture
def installation(tmp_path):
    """The code alone, as a clone has it."""
    left_out = shutil.ignore_patterns(".*", "var", "__pycache__", "tests")
    shutil.copytree(ROOT, tmp_path / "site", ignore=left_out)
    return tmp_path / "site"


@contextmanager
def running(folder: Path, port: int):
    """`python -m newsroom.start` until its first answer; afterwards it is ended."""
    named = ("PATH", "LANG", "LC_ALL")
    plain = {name: os.environ[name] for name in named if name in os.environ}
    said = (folder / "said").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "newsroom.start"],
        cwd=folder,
        env={**plain, "PORT": str(port), "WORKERS": "2", "DEMO": "0"},
        stdout=said,
        stderr=said,
    )
    try:
        until(lambda: answers(port) or server.poll() is not None)
        yield server
    finally:
        server.terminate()
        server.wait(20)
        said.close()


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def answers(port: int) -> bool:
    with suppress(OSError):
        address = f"http://127.0.0.1:{port}/healthz"
        return urllib.request.urlopen(address, timeout=5).status == 200
    return False


def workers(server) -> set[int]:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return set(map(int, children.read_text().split()))


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.mark.long
def test_a_site_starts_from_nothing_outlives_its_workers_and_ends_whole(installation):
    port = free_port()
    with running(installation, port) as server:
        assert f"http://127.0.0.1:{port}/" in (installation / "said").read_text()
        assert mode(installation / "var" / "env") == 0o600
        until(lambda: len(workers(server)) >= 2)
        victim = max(workers(server))
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(workers(server) - {victim}) >= 2)
        assert answers(port)
        left = workers(server)
        with running(installation, port) as second:
            assert second.wait(20) == 1
        sentence = (installation / "said").read_text().strip()
        assert f"127.0.0.1:{port}" in sentence
        assert len(sentence.splitlines()) == 1
    assert not any(map(alive, left))
    secrets = (installation / "var" / "env").read_text()
    with running(installation, port):
        assert answers(port)
    assert (installation / "var" / "env").read_text() == secrets
