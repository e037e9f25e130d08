"""What the tests count is printed at the end of a run, added up over the tests."""

from collections import Counter, defaultdict


def pytest_terminal_summary(terminalreporter):
    counted = defaultdict(Counter)
    for report in terminalreporter.stats.get("passed", []):
        for name, figures in getattr(report, "user_properties", []):
            if isinstance(figures, dict):
                counted[name] += Counter(figures)
    for name, figures in counted.items():
        words = ", ".join(f"{number} {what}" for what, number in figures.items())
        terminalreporter.write_line(f"{name}: {words}")
