"""JupyterLite on the site's own files: every chapter as a whole notebook, with no server.

Pyodide's lock file is written anew, with an entry for `mlp_lib` and for each pure package that a
kernel imports, so a plain `import mlp_lib` works and nothing is asked of another host.
"""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from book.live.packs import DATA, PURE
from book.live.wheels import NOT_NEEDED, Files, installed_files, own_files, zipped
from book.policy import LAB_RULES, with_policy

FOLDER = "lite"
LAB = Path("lab", "index.html")
LOCK = "pyodide-lock.json"
# What a kernel needs beside the packages that the chapters import.
KERNEL = ("ipython", "jedi", "comm")
# Stubs of packages that no kernel has: 4,800 small files, and seconds of each start.
STUBS = ("jedi/third_party/django-stubs/", "jedi/third_party/typeshed/stubs/")
# The environment for which the requirements of a package are read.
IN_BROWSER = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "sys_platform": "emscripten",
}
SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"


def place_packages(
    root: Path, target: Path, pinned: dict[str, Any], found: dict[str, Path]
) -> None:
    """Write every wheel that a kernel may load, and the lock file that names them, to `target`."""
    lock = {"info": pinned["info"], "packages": {}}
    for name, package in pinned["packages"].items():
        shutil.copyfile(found[package["file_name"]], target / package["file_name"])
        # What isn't always needed is loaded when a cell imports it.
        depends = [each for each in package["depends"] if each not in NOT_NEEDED]
        lock["packages"][name] = package | {"depends": depends}
    python = pinned["info"]["python"]
    for name in pure_packages(python, set(lock["packages"])):
        installed, depends = installed_files(name), requirements(name, python)
        files = {path: text for path, text in installed.items() if not path.startswith(STUBS)}
        lock["packages"][name] = placed_wheel(name, files, depends, target)
    depends = ["numpy", "matplotlib", *PURE]
    # Packages are looked up by their canonical names.
    own = placed_wheel("mlp_lib", own_files(root), depends, target)
    lock["packages"][canonicalize_name("mlp_lib")] = own
    (target / LOCK).write_text(json.dumps(lock, indent=1) + "\n", encoding="utf-8")


def pure_packages(python: str, official: set[str]) -> list[str]:
    """Return the pure packages that a kernel or a chapter imports, and all that they need."""
    found: set[str] = set()
    waiting = [*KERNEL, *PURE]
    while waiting:
        name = waiting.pop()
        if name not in found | official:
            found.add(name)
            waiting += requirements(name, python)
    return sorted(found)


def requirements(package: str, python: str) -> list[str]:
    """Return what an installed package needs in the browser."""
    where = IN_BROWSER | {"python_version": "3." + python.split(".")[1], "extra": ""}
    needed = map(Requirement, distribution(package).requires or [])
    return [
        canonicalize_name(each.name)
        for each in needed
        if each.marker is None or each.marker.evaluate(where | {"python_full_version": python})
    ]


def placed_wheel(name: str, files: Files, depends: list[str], target: Path) -> dict[str, Any]:
    """Write a wheel of a package's files and return its entry in the lock file."""
    version, content = distribution(name).version, zipped(files)
    file_name = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    (target / file_name).write_bytes(content)
    return {
        "name": name,
        "version": version,
        "file_name": file_name,
        "install_dir": "site",
        "sha256": sha256(content).hexdigest(),
        "package_type": "package",
        "imports": modules(files),
        "depends": depends,
        "unvendored_tests": False,
    }


def modules(files: Files) -> list[str]:
    """Return the names under which a wheel's packages and modules are imported."""
    tops = {path.split("/")[0] for path in files if path.endswith(".py")}
    return sorted({top.removesuffix(".py") for top in tops if ".dist-info" not in top})


def build_lite(root: Path, html: Path, pyodide: str) -> None:
    """Build JupyterLite into the pages: the chapters, what they read, Pyodide's address, a policy.

    `pyodide` is the path of its entry from the pages' folder. Raises CalledProcessError, with the
    builder's words on the terminal, when it fails, and RuntimeError when the result isn't set to
    the site's own Pyodide: it would load one from another host, without a word.
    """
    target = html / FOLDER
    url = f"./../{pyodide}"
    # A folder of its own: what an earlier build left beside its source would be taken for done.
    with TemporaryDirectory() as folder:
        source = Path(folder)
        for pattern in DATA:
            for path in root.glob(pattern):
                copy = source / "contents" / path.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        settings = {SETTINGS: {"pyodideUrl": url, "disablePyPIFallback": True}}
        config = {"appName": "Every Jacobian Has a Shape", "litePluginSettings": settings}
        written = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
        (source / "jupyter-lite.json").write_text(json.dumps(written), encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--apps", "lab"]
        small = ["--no-sourcemaps", "--no-unused-shared-packages"]
        where = ["--lite-dir", ".", "--contents", "contents", "--output-dir", str(target.resolve())]
        done = subprocess.run(
            [*command, *small, *where], cwd=source, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stdout, done.stderr, file=sys.stderr)
            done.check_returncode()
    check_settings(target, url)
    page = target / LAB
    page.write_text(with_policy(page.read_text(encoding="utf-8"), LAB_RULES), encoding="utf-8")


def check_settings(target: Path, url: str) -> None:
    """Raise RuntimeError unless JupyterLite is set to the Pyodide at `url`, and to nothing else."""
    config = json.loads((target / "jupyter-lite.json").read_text(encoding="utf-8"))
    found = config["jupyter-config-data"].get("litePluginSettings", {}).get(SETTINGS, {})
    if found.get("pyodideUrl") != url or found.get("disablePyPIFallback") is not True:
        raise RuntimeError(
            f"JupyterLite is set to {found}, expected the site's own Pyodide at {url}, because "
            "without it a reader's browser would ask another host"
        )
