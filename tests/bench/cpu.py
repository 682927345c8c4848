"""CPU time and memory of process trees, from the kernel's own books (Linux)."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def in_group(group: int) -> list[int]:
    """The processes of a process group."""
    return [pid for pid, fields in _stats() if int(fields[2]) == group]


def below(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {pid: int(fields[1]) for pid, fields in _stats()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _stats() -> Iterable[tuple[int, list[str]]]:
    """(pid, fields after the name: state, parent, group, ...) of every process."""
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                yield int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue


def milliseconds(pids: Iterable[int]) -> float:
    """CPU time that these processes have used: exact where the kernel counts by thread, else in ticks of the clock."""
    total = 0.0
    for pid in pids:
        try:
            total += _exact(pid) if (PROC / str(pid) / "task" / str(pid) / "schedstat").exists() else _ticks(pid)
        except OSError:
            continue
    return total


def _exact(pid: int) -> float:
    tasks = (PROC / str(pid) / "task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def _ticks(pid: int) -> float:
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """(resident, proportional) memory of a process in megabytes; shared pages count in part in the second."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:] if line.endswith("kB")}
    return sizes["Rss"], sizes["Pss"]
