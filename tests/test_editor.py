"""The code editor's bundle: which packages it is made of, and under which licences."""

import json
import re

from test_book import ROOT

EDITOR = ROOT / "book" / "editor"
LIVE = ROOT / "_static" / "live"
LOCK = json.loads((EDITOR / "package-lock.json").read_text(encoding="utf-8"))
PACKAGES = {
    place.removeprefix("node_modules/"): package
    for place, package in LOCK["packages"].items()
    if place and not package.get("dev")
}


def test_every_package_of_the_bundle_has_its_licence_beside_it():
    licences = (LIVE / "editor_licenses.txt").read_text(encoding="utf-8")
    assert set(re.findall(r"^(@?[a-z0-9/-]+)$", licences, re.MULTILINE)) == set(PACKAGES)
    assert licences.count("Permission is hereby granted, free of charge") == len(PACKAGES)


def test_the_versions_are_pinned_and_name_no_registry():
    declared = json.loads((EDITOR / "package.json").read_text(encoding="utf-8"))
    for name, version in (declared["dependencies"] | declared["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version
    assert all(package["integrity"] for package in PACKAGES.values())
    assert not any("resolved" in package for package in LOCK["packages"].values())


def test_the_bundle_loads_nothing_else():
    bundle = (LIVE / "editor.mjs").read_text(encoding="utf-8")
    assert re.search(r"export\{\w+ as editor\}", bundle)
    assert not re.search(r"(?:^|[;}])(?:import\b|require\()", bundle, re.MULTILINE)
    assert "sourceMappingURL" not in bundle
