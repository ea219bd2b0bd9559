"""Find the Chromium that the browser tests drive, or install one, and say in one line which.

Debian's own package comes first, because it is kept up to date with the machine; Playwright's build
is for everybody who may not install packages. A font for Chinese comes along, so that a screenshot
shows 黄雪琴 and no boxes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_PACKAGE = "fonts-wqy-microhei"  # 1.6 MB; the families that look better take 60

# In the folder that `make` names, also when this runs without make.
os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(CHECKOUT / ".cache" / "playwright"))


def find_chromium() -> Path | None:
    """Return the Chromium to drive: the one named in TRACKER_TEST_CHROMIUM, else the system's."""
    if named := os.environ.get("TRACKER_TEST_CHROMIUM"):
        return Path(named) if Path(named).is_file() else None
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwrights_own()


def main() -> int:
    """Make sure that there is a browser; 1 when there is none and CI=true."""
    browser = find_chromium()
    lack = "there is no Chromium here, and none could be installed."
    if named := os.environ.get("TRACKER_TEST_CHROMIUM"):
        lack = f"TRACKER_TEST_CHROMIUM is {named}, and there is no such file."
    elif browser is None:
        _install_package("chromium")
        browser = find_chromium() or _download()
    if browser is None:
        print(f"The browser tests cannot run: {lack}")
        return int(os.environ.get("CI") == "true")
    print(f"The browser tests run in {browser} ({_version(browser)}){_font_remark()}")
    return 0


def _playwrights_own() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def _download() -> Path | None:
    _quietly([sys.executable, "-m", "playwright", "install", "chromium"])
    return _playwrights_own()


def _install_package(package: str) -> bool:
    """Install a Debian package when this machine has them and the user may, asking for nothing."""
    if shutil.which("apt-get") is None:
        return False
    sudo: list[str] = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and not (shutil.which("sudo") and _quietly([*sudo, "true"])):
        return False
    print(f"Installing {package} from the system's packages ...", flush=True)
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    # A new machine has no list of packages, and an old list names files that are gone.
    return _quietly([*apt, "update"]) and _quietly(
        [*apt, "install", "--yes", "--no-install-recommends", package]
    )


def _font_remark() -> str:
    if _knows_chinese() or (_install_package(FONT_PACKAGE) and _knows_chinese()):
        return "."
    return "; no font here has Chinese, so screenshots show boxes for it."


def _knows_chinese() -> bool:
    if shutil.which("fc-list") is None:
        return sys.platform != "linux"  # elsewhere the system brings one
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(fonts.stdout.strip())


def _version(browser: Path) -> str:
    with tempfile.TemporaryDirectory() as home:  # Chromium writes into it even for this
        answer = subprocess.run(
            [browser, "--version"],
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
    return answer.stdout.strip() or "it does not say its version"


def _quietly(command: Sequence[str]) -> bool:
    """Run `command`; when it fails, say why in one line."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stdout.strip().splitlines() or ["it said nothing"]
        reason = next((line for line in said if "error" in line.lower()), said[-1])
        print(f"`{' '.join(command)}` failed: {reason.strip()}")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
