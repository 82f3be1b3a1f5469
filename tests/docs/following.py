"""Does in a copy of the tree what a page of the documentation says.

A code block after <!-- file: PATH --> becomes that file; one after <!-- insert into PATH after: TEXT --> is inserted after
the first line of the file that begins with TEXT, whatever stands before it.
"""
import argparse
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"<!-- (file: (?P<file>\S+)|insert into (?P<into>\S+) after: (?P<after>.+?)) -->\n```\w+\n(?P<code>.*?)```", re.S)


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def _copy_tree(to):
    """What git tracks or would, in the state of the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout
    present = "\0".join(name for name in listed.split("\0") if name and (ROOT / name).is_file())
    tar = subprocess.run(["tar", "-c", "--null", "-T", "-"], cwd=ROOT, check=True, input=present.encode(), capture_output=True)
    subprocess.run(["tar", "-x", "-C", to], check=True, input=tar.stdout)


def _follow(page, tree, blocks):
    found = list(BLOCK.finditer((ROOT / page).read_text()))
    if len(found) != blocks:
        sys.exit(f"{page}: {len(found)} blocks say where they go; it should be {blocks}")
    for block in found:
        if block["file"]:
            (tree / block["file"]).write_text(block["code"])
            continue
        path = tree / block["into"]
        lines = path.read_text().splitlines(keepends=True)
        at = next((i for i, line in enumerate(lines) if line.lstrip().startswith(block["after"])), None)
        if at is None:
            sys.exit(f"{page}: no line of {block['into']} begins with '{block['after']}'")
        path.write_text("".join([*lines[:at + 1], block["code"], *lines[at + 1:]]))


@contextlib.contextmanager
def built(page, blocks, description, *targets):
    """A copy of the tree in which the page was followed and the targets were built without libtorch; gone at the end."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--jobs", default=str(os.cpu_count()))
    jobs = options.parse_args().jobs
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        _copy_tree(tree)
        _follow(page, tree, blocks)
        # The compiler cache then finds what another run in another folder has compiled.
        cached = {**os.environ, "CCACHE_BASEDIR": folder, "CCACHE_NOHASHDIR": "1"}
        run("cmake", "--preset", "release", "-DBASIN_TORCH=OFF", cwd=tree, env=cached)
        run("cmake", "--build", "build/release", "-j", jobs, "--target", *targets, cwd=tree, env=cached)
        yield tree
