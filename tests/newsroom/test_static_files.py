"""The server collects static files when one has changed, and only then."""

import os
import time

import pytest
from django.contrib.staticfiles import finders

from newsroom import static_files


@pytest.fixture
def source(settings, tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "one.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    finders.get_finder.cache_clear()
    yield folder
    finders.get_finder.cache_clear()


def test_what_has_not_changed_is_not_collected_again(source):
    assert static_files.collect()
    assert not static_files.collect()


def test_a_changed_a_new_and_a_removed_file(source, settings):
    static_files.collect()
    (source / "one.css").write_text("a { color: blue }")
    later = time.time() + 5
    os.utime(source / "one.css", (later, later))
    assert static_files.collect()
    assert "blue" in (settings.STATIC_ROOT / "one.css").read_text()
    (source / "two.css").write_text("b {}")
    assert static_files.collect()
    assert (settings.STATIC_ROOT / "two.css").is_file()
    (source / "two.css").unlink()
    assert static_files.collect()
    assert not static_files.collect()


def test_a_folder_that_was_emptied_is_filled_again(source, settings):
    static_files.collect()
    for file in settings.STATIC_ROOT.iterdir():
        file.unlink()
    assert static_files.collect()
    assert (settings.STATIC_ROOT / "one.css").is_file()


def test_one_that_broke_off_is_done_again(source, settings, monkeypatch):
    def broken(*_arguments, **_options):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(static_files, "call_command", broken)
        with pytest.raises(OSError):
            static_files.collect()
    assert static_files.collect()
