"""The program away from the checkout: the wheel in an environment of its own, and a copy.

Both with an empty home folder. Neither may write anywhere but into TRACKER_DATA_DIR.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import served
from tests.commands import BYTECODE, CHECKOUT, free_port, process_environment, tree
from tests.parts import cannot_run

ACTION = "huang-wang-2024-09"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A clean copy of the checkout: what a commit of everything would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    folder = tmp_path_factory.mktemp("copy")
    for name in listed.stdout.decode().split("\0"):
        if name and (CHECKOUT / name).is_file():  # what is deleted and not yet committed is listed
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / name, place)
    yield folder
    forget_bytecode(folder)


@pytest.fixture(scope="module")
def wheel(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the copy."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["-m", "build", "--wheel", "--no-isolation", f"--outdir={folder}", str(copy)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the programs in an environment that has the wheel, and sees what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    builder = venv.EnvBuilder(symlinks=True)
    builder.create(folder)
    made = builder.ensure_directories(folder)
    install(wheel, made.env_exe)
    # What it needs is the tests' own. Of a folder named like this no .pth file is read, so that an
    # editable install of this checkout, which lies there, stays out of sight.
    needed = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    own = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (own / "needed.pth").write_text("\n".join(needed))
    yield Path(made.bin_path)
    forget_bytecode(folder)


def forget_bytecode(folder: Path) -> None:
    """Delete what was kept compiled of a folder that no other test run will see."""
    shutil.rmtree(BYTECODE / folder.relative_to(folder.anchor), ignore_errors=True)


def install(wheel: Path, python: str) -> None:
    """Install the wheel alone, with what may have made the tests' environment: pip or uv."""
    ensurepip = find_spec("ensurepip")
    bundled = Path(ensurepip.origin or "").parent.glob("_bundled/pip-*.whl") if ensurepip else ()
    pip = ["-m", "pip"] if find_spec("pip") else [f"{file}/pip" for file in bundled]
    uv = shutil.which("uv")
    if pip:
        command = [sys.executable, *pip, "--no-cache-dir", f"--python={python}", "install"]
    elif uv:
        command = [uv, "--no-cache", "pip", "install", f"--python={python}"]
    else:
        cannot_run("The wheel cannot be tested: there is neither pip nor uv to install it with.")
    command += ["--no-deps", "--no-index", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=wheel.parent)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def away(tmp_path: Path) -> dict[str, str]:
    """The environment of someone with an empty home folder, who works in another empty folder."""
    for name in ("home", "work", "temporary"):
        (tmp_path / name).mkdir()
    env = process_environment(
        HOME=str(tmp_path / "home"),
        TMPDIR=str(tmp_path / "temporary"),
        TRACKER_DATA_DIR=str(tmp_path / "data"),
        TRACKER_PORT=str(free_port()),
    )
    return {name: value for name, value in env.items() if not name.startswith("XDG_")}


def drive(server: served.Server) -> None:
    """Go the way of the first one at a new server: set up, sign in, open pages, take a report."""
    answer, _ = server.ask("/healthz")
    assert answer.status == 200
    answer, body = server.ask(server.link)
    assert (answer.status, b"<button" in body) == (200, True)
    assert server.ask("/log")[0].status == 303
    cookie = server.sign_in()
    # The link lets the first member in again until there is a passphrase to come back with.
    assert server.ask(server.link, form=served.NEWCOMER)[0].status == 303
    passphrase = "a quiet mill pond in may"
    chosen = {"name": "Fictional Vera", "sign_in_name": "vera", "passphrase": passphrase}
    answer, body = server.ask(
        "/account/passphrase", cookie=cookie, form=chosen | {"repeat": passphrase}
    )
    assert answer.status == 303, body
    assert server.ask(server.link, form=served.NEWCOMER)[0].status == 410
    answer, body = server.ask("/sign-in", form=chosen)
    assert answer.status == 303, body
    cookie = served.cookies_of(answer)
    answer, body = server.ask("/log", cookie=cookie)
    assert (answer.status, b"<script" in body) == (200, True)
    sent = server.run("log", cookie=cookie)
    assert served.headings(sent)[0] == "Log letters"
    assert "Zhang Rui" in str(sent)
    assert served.headings(server.run("timeline", cookie=cookie))[0] == "Timeline"
    answer, body = server.ask("/favicon.png", cookie=cookie)
    assert body.startswith(b"\x89PNG")
    # .streamlit/config.toml is in force.
    assert not sent[0].new_session.config.gather_usage_stats
    assert sent[0].new_session.config.disable_data_export


def test_the_wheel_holds_the_program_and_nothing_else(copy: Path, wheel: Path) -> None:
    app = {"dashboard.py", ".streamlit/config.toml"}
    for folder in ("pages", "db"):
        app |= {f"{folder}/{name}" for name in files(copy / folder)}
    source = files(copy / "src" / "tracker")
    assert {"db/cases/huang-wang.toml", "pages/progress.py"} <= app
    assert {"web/icon.png", "web/templates/setup.html", "demo/quellmark.toml"} <= source
    assert [name for name in source if name.startswith("locale/")]

    names = ZipFile(wheel).namelist()
    assert {name for name in names if name.startswith("tracker/")} == {
        *(f"tracker/{name}" for name in source),
        *(f"tracker/_app/{name}" for name in app),
    }
    rest = {name.partition("/")[0] for name in names if not name.startswith("tracker/")}
    assert rest == {wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"}


def test_the_wheel_serves_away_from_the_checkout(
    programs: Path, away: dict[str, str], tmp_path: Path
) -> None:
    work = tmp_path / "work"
    del away["PYTHONPATH"]
    where = "import tracker; print(tracker.__file__)"
    found = subprocess.run(
        [programs / "python", "-c", where], env=away, cwd=work, capture_output=True, check=True
    )
    assert Path(found.stdout.decode()).is_relative_to(programs.parent)

    with served.serving([str(programs / "tracker"), "serve"], env=away, cwd=work) as server:
        drive(server)
        assert server.stop(signal.SIGTERM) in {0, -signal.SIGTERM}
    reported = subprocess.run(
        [programs / "tracker", "report", "timeline", "--action", ACTION],
        env=away,
        cwd=work,
        capture_output=True,
        check=False,
    )
    assert (reported.returncode, reported.stderr) == (0, b"")
    assert reported.stdout.startswith(b"\xef\xbb\xbfcase,date,until,")
    assert reported.stdout.count(b"\r\nhuang-wang,") > 5
    assert wrote(tmp_path) == {"data"}


def test_streamlit_run_serves_a_copy_of_the_checkout_and_writes_nothing_into_it(
    copy: Path, away: dict[str, str], tmp_path: Path
) -> None:
    before = tree(copy)
    away["PYTHONPATH"] = str(copy / "src")
    command = [*served.RUN, f"--server.port={away['TRACKER_PORT']}"]
    with served.serving(command, env=away, cwd=copy) as server:
        drive(server)
        assert server.stop(signal.SIGINT) == 0
    assert len(server.printed) == 3, server.printed
    assert tree(copy) == before
    assert wrote(tmp_path) == {"data"}


def wrote(folder: Path) -> set[str]:
    """Return which of the folders of `away` have something in them."""
    return {path.name for path in folder.iterdir() if tree(path)}


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
