"""Where the embedded database keeps its data: with its home, and never with another one at the same path."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checkpoints.embedded import default_folder


def test_home_finds_its_data_again(tmp_path: Path) -> None:
    assert default_folder(tmp_path) == default_folder(tmp_path)


def test_new_checkout_at_an_old_path_finds_no_old_data(tmp_path: Path) -> None:
    home = tmp_path / ".state"
    old = default_folder(home)
    if home.exists():
        shutil.rmtree(home)
    assert default_folder(home) != old or old.is_relative_to(home)


def test_processes_that_start_at_the_same_time_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(default_folder, [tmp_path / ".state"] * 8))) == 1
