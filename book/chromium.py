"""Find the Chromium that opens the pages in the tests, or install one.

`python -m book.chromium` prints where it is; with `--install` it first installs one if there is
none: Debian's package where the user is root, playwright's own browser elsewhere. The shell, a
Chromium that can do nothing but run without a window, opens a page in half the time.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "CHROMIUM"
SHELL = "chromium-headless-shell"
COMMANDS = (SHELL, "chromium", "chromium-browser", "google-chrome")
# No request leaves the machine: every name but this one resolves to nothing.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def find() -> str | None:
    """Return the browser's path: the variable CHROMIUM, the system's, playwright's; or None."""
    if named := os.environ.get(VARIABLE):
        return named
    for command in COMMANDS:
        if path := shutil.which(command):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Install a Chromium, as a package of the system where that can be done.

    Raises CalledProcessError when the installer fails.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=True, env=quiet)
        known = subprocess.run(["apt-cache", "show", SHELL], capture_output=True).returncode == 0
        package = SHELL if known else "chromium"
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", package]
        subprocess.run(command, check=True, env=quiet)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> None:
    """Print the browser's path, installing one first if that was asked for."""
    if find() is None and "--install" in sys.argv[1:]:
        install()
    if (path := find()) is None:
        raise SystemExit(f"No Chromium found. Install one, or set {VARIABLE} to its path.")
    print(path)


if __name__ == "__main__":
    main()
