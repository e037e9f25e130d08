"""What a measurement says about where and when it was taken."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "scikit-learn", "torch", "jax", "dask", "distributed")


def describe() -> dict[str, object]:
    """Name the processor, its number of cores, the memory, the versions and the day."""
    return {
        "processor": processor(),
        "cores": cores(),
        "memory_gb": memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in PACKAGES if (found := installed(name))},
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def in_words(machine: dict) -> str:
    """Say in one sentence when and on what the measurement was taken."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    memory = f", {machine['memory_gb']} GB" if machine["memory_gb"] else ""
    return (
        f"Measured on {machine['measured']} on {machine['processor']} with {machine['cores']} "
        f"cores{memory}, {machine['system']}; Python {machine['python']}, {versions}."
    )


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def processor() -> str:
    """Return the processor's name, as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory_gb() -> int | None:
    """Return the memory in GB, where the system says it."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        return None


def installed(name: str) -> str | None:
    """Return the version of an installed package, or None."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
