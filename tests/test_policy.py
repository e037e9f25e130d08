"""The policy of the pages: what they were written with is allowed, and nothing that comes later."""

import re
from html import unescape

import pytest

from book.policy import LAB_RULES, policy, source, with_policy

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8" /><script>let a = '1' && 2;</script>
<script src="file.js"></script><script></script></head>
<body><button onclick="window.print()">Print</button></body></html>"""


def scripts_allowed(page: str) -> list[str]:
    """Return what the policy of a page allows as scripts."""
    return re.search("script-src ([^;]*)", policy(page))[1].split()


def test_the_hash_is_what_browsers_compute():
    # By `openssl dgst -sha256 -binary | base64`.
    assert source("alert('Hello, world.');") == (
        "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    )


def test_scripts_and_handlers_of_the_page_are_allowed():
    allowed = scripts_allowed(PAGE)
    assert source("let a = '1' && 2;") in allowed
    assert allowed.index("'unsafe-hashes'") < allowed.index(source("window.print()"))
    assert len([each for each in allowed if each.startswith("'sha256-")]) == 2


def test_no_other_script_is_allowed():
    assert scripts_allowed("<p>Text</p>") == ["'self'", "'wasm-unsafe-eval'"]
    assert "unsafe-inline" not in " ".join(scripts_allowed(PAGE))
    assert "http" not in policy(PAGE)


def test_the_policy_comes_before_what_it_rules():
    page = with_policy(PAGE)
    head = page.partition("<script")[0]
    content = re.search('Content-Security-Policy" content="([^"]*)"', head)[1]
    assert unescape(content) == policy(PAGE)


def test_a_page_without_a_place_for_it_is_refused():
    with pytest.raises(ValueError, match="no <meta charset"):
        with_policy("<html><head></head></html>")


def test_jupyterlab_s_page_may_do_more_and_asks_no_other_host_either():
    page = '<html><head><meta charset="utf-8"><script>start()</script></head></html>'
    head = unescape(with_policy(page, LAB_RULES))
    assert f"'unsafe-eval' {source('start()')}" in head
    assert "'unsafe-eval'" not in policy(page)
    assert "'unsafe-inline'" not in re.search("script-src ([^;]*)", head)[1]
    assert "http:" not in head
    assert "https:" not in head
