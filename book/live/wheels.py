"""Wheels of this project and of what it is pinned to, and wheels without what no cell needs."""

import re
import shutil
import subprocess
import sys
import tarfile
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# A wheel's files, under their paths in it.
Files = dict[str, bytes]
# The oldest day that a zip file can name: the same files make the same bytes.
DAY = (1980, 1, 1, 0, 0, 0)
COMPILED = (".so", ".pyd", ".dylib")
# What is needed to build the wheel of `mlp_lib`.
OWN = ("mlp_lib", "pyproject.toml", "README.md", "LICENSE")
# What pip runs to build it, without pip, which starts Python three times for it.
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"

# What the cells of a page don't need: it is half of the weight.
LEFT_OUT = {
    "": (
        r"/tests/|/conftest\.py$|\.(pyi|h|a|c|pxd|pyx|ini|build|template)$"
        r"|\.dist-info/(RECORD|sboms/)"
    ),
    "numpy": r"^numpy/(f2py|_pyinstaller|random/(_examples|lib))/|/lapack_lite\.|/cversions\.py$",
    "matplotlib": (
        r"/mpl-data/(sample_data|images|plot_directive)/"
        r"|/mpl-data/fonts/(afm|pdfcorefonts)/|/fonts/ttf/(DejaVuSerif|DejaVuSansMono-|Humor)"
        r"|/backends/_backend_(gtk|pdf|tk)|/backends/(_tkagg|qt_|web_)"
        r"|/backends/backend_(cairo|gtk|macosx|nbagg|pdf|pgf|ps|pyodide|qt|tk|web|wx)"
        r"|^matplotlib/(sphinxext|testing)/|^matplotlib/_qhull\."
        r"|^mpl_toolkits/(axes_grid1|axisartist)/"
    ),
    "contourpy": r"/bokeh_\w+\.py$",
    "pillow": (
        r"^PIL/(_imagingft|_webp|_imagingcms|_avif)|^PIL/(ImageTk|PSDraw|_tkinter_finder)\.py$"
        r"|^PIL/(?!Bmp|Gif|Jpeg|Png|Ppm|Tiff)\w+ImagePlugin"
    ),
    "packaging": r"^packaging/(licenses/|metadata\.py$)",
    # Of Python's own library: what needs a terminal, a network or another process, what is built in
    # as well, and the encodings of single countries.
    "python": (
        r"^(multiprocessing|sqlite3|wsgiref|xmlrpc)/|^_pyrepl/(?!__init__|pager|trace|types|utils)"
        r"|^concurrent/(futures/(interpreter|process)\.py|interpreters/)"
        r"|^(ftplib|imaplib|mailbox|netrc|poplib|pty|smtplib)\.py$"
        r"|^asyncio/(proactor_|windows_)\w+\.py$|^http/(cookiejar|server)\.py$"
        r"|^(_pydatetime|_pyio|zipimport|importlib/_bootstrap(_external)?)\.py$"
        r"|^encodings/(big5|cp(?!437|1252)|euc_|gb|hp_|hz|iso2022|iso8859_([2-9]|1\d)|johab|koi|kz"
        r"|mac_|mbcs|oem|palmos|ptcp|shift_|tis)\w*\.py$"
    ),
    "python-dateutil": r"/zoneinfo/.*\.tar\.gz$|^dateutil/(tz/win|tzwin)\.py$",
    "lark": r"^lark/__pyinstaller/",
    "pyparsing": r"^pyparsing/diagram/",
    "tqdm": r"^tqdm/(_utils|dask|keras|rich|tk)\.py$|^tqdm/contrib/(bells|discord|slack|telegram)",
}
# Packages that matplotlib needs only to write other formats than SVG and PNG.
NOT_NEEDED = ("fonttools", "pytz")


def unzipped(packed: bytes) -> Files:
    """Return the files of a zip archive."""
    with ZipFile(BytesIO(packed)) as source:
        return {name: source.read(name) for name in source.namelist() if not name.endswith("/")}


def zipped(files: Files) -> bytes:
    """Return the files as a zip archive: the same files make the same bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=9) as target:
        for path, content in sorted(files.items()):
            target.writestr(ZipInfo(path, DAY), content, ZIP_DEFLATED)
    return packed.getvalue()


def tarred(files: Files) -> bytes:
    """Return the files as a tar archive, in the format that the pages' worker reads.

    The same files make the same bytes. Raises ValueError for a path that is too long for it.
    """
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        # Files of one kind side by side compress better.
        for path in sorted(files, key=lambda path: (path.rsplit(".", 1)[-1], path)):
            entry = tarfile.TarInfo(path)
            entry.size = len(files[path])
            archive.addfile(entry, BytesIO(files[path]))
    return packed.getvalue()


def thinned(package: str, files: Files) -> Files:
    """Return a package's files without those that no cell needs."""
    patterns = [re.compile(LEFT_OUT[key]) for key in ("", package) if key in LEFT_OUT]
    return {
        path: content
        for path, content in files.items()
        if not any(pattern.search(path) for pattern in patterns)
    }


@cache
def own_files(root: Path) -> Files:
    """Return the files of the wheel of `mlp_lib`, built from this checkout, once for a build.

    Raises CalledProcessError, with the builder's words on the terminal, when it can't be built.
    """
    with TemporaryDirectory() as folder:
        # Built from a copy: setuptools leaves a folder beside what it builds.
        source = Path(folder) / "source"
        source.mkdir()
        for name in OWN:
            copy = shutil.copytree if (root / name).is_dir() else shutil.copy2
            copy(root / name, source / name)
        command = [sys.executable, "-c", BUILD, folder]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout, done.stderr, file=sys.stderr)
            done.check_returncode()
        (wheel,) = Path(folder).glob("*.whl")
        return unzipped(wheel.read_bytes())


def installed_files(package: str, only: tuple[str, ...] = ()) -> Files:
    """Return a package's files, or `only` some, as they are installed here.

    What is compiled for this machine is left out: the packages in use are whole without it.
    Raises ValueError when a file isn't the one that the package came with.
    """
    found = {}
    for path in distribution(package).files or ():
        name = path.as_posix()
        usable = path.hash and not name.startswith("..") and not name.endswith(COMPILED)
        if usable and (not only or name in only):
            content = path.read_binary()
            digest = urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
            if digest != path.hash.value:
                raise ValueError(
                    f"{package}: {name} has the sha256 sum {digest}, expected {path.hash.value}, "
                    "because that is what its package came with"
                )
            found[name] = content
    if absent := set(only) - set(found):
        raise ValueError(f"{package}: {', '.join(sorted(absent))} not found, expected to be there")
    return found
