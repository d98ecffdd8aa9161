"""What is linked into the program for a target, as cargo tells: for its licences and its SBOM."""

import json
import pathlib
import subprocess
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Linked(typing.NamedTuple):
    """Packages as `cargo metadata` has them: the program's own, and all that are linked into it, by name and version; and
    for each, by its id, the ids of those among them that it calls."""

    program: dict
    packages: list[dict]
    calls: dict[str, list[str]]


def linked(target):
    """What is linked for a target: not what builds or tests it, nor macros."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    calls, waiting = {}, [root]
    while waiting:
        caller = waiting.pop()
        if caller in calls:
            continue
        calls[caller] = []
        for dependency in nodes[caller]["deps"]:
            is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            is_macro = any("proc-macro" in made["kind"] for made in packages[dependency["pkg"]]["targets"])
            if is_linked and not is_macro:
                calls[caller].append(dependency["pkg"])
                waiting.append(dependency["pkg"])
    others = (packages[id] for id in calls if id != root)
    return Linked(packages[root], sorted(others, key=lambda package: (package["name"], package["version"])), calls)
