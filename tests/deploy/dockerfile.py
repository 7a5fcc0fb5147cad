"""The Dockerfile as its steps, and those steps taken in a folder instead of in a container."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = ROOT / "Dockerfile"
STEP_S: Final = 900


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction; `words` are what stands behind it, options and all."""

    instruction: str
    words: tuple[str, ...]

    @property
    def options(self) -> Mapping[str, str]:
        """Return the instruction's own options, which stand before all else."""
        found = (word[2:].partition("=") for word in takewhile(_is_option, self.words))
        return {name: value for name, _, value in found}

    @property
    def plain(self) -> Sequence[str]:
        """Return the words behind those options."""
        return list(dropwhile(_is_option, self.words))


def _is_option(word: str) -> bool:
    return word.startswith("--")


def stages() -> list[list[Step]]:
    """Return the steps of each stage, its FROM first."""
    made: list[list[Step]] = []
    for step in _steps(DOCKERFILE.read_text()):
        if step.instruction == "FROM":
            made.append([])
        made[-1].append(step)
    return made


def _steps(text: str) -> Iterator[Step]:
    kept = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in "\n".join(kept).replace("\\\n", " ").splitlines():
        instruction, _, rest = line.strip().partition(" ")
        if instruction:
            yield Step(instruction, tuple(shlex.split(rest)))


class Folder:
    """A root folder to take steps in: `/opt/totetaxi` is below it."""

    def __init__(self, root: Path) -> None:
        self.root, self._here = root, root
        self.environ: dict[str, str] = {}

    def at(self, path: str) -> Path:
        """Return where a path of the image is: an absolute one, or one of the working folder."""
        return (self.root if path.startswith("/") else self._here) / path.lstrip("/")

    def take(self, step: Step) -> None:
        """Do what the step does to files; what only describes the image does nothing."""
        if step.instruction == "WORKDIR":
            self._here = self.at(step.plain[0])
            self._here.mkdir(parents=True, exist_ok=True)
        elif step.instruction == "ENV":
            named = dict(word.split("=", 1) for word in step.plain)
            self.environ.update(named)
        elif step.instruction == "COPY" and "from" not in step.options:
            self._copy(step)
        elif step.instruction == "RUN":
            done = self.run(step.plain)
            assert done.returncode == 0, done.stderr

    def _copy(self, step: Step) -> None:
        *sources, target = step.plain
        for source in sources:
            if (ROOT / source).is_dir():
                left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(ROOT / source, self.at(target), dirs_exist_ok=True, ignore=left_out)
            else:
                self.at(target).mkdir(parents=True, exist_ok=True)
                mode = int(step.options.get("chmod", "0644"), 8)
                (copied := self.at(target) / Path(source).name).write_bytes(
                    (ROOT / source).read_bytes()
                )
                copied.chmod(mode)

    def run(
        self, words: Sequence[str], *, path: str | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the folder; absolute paths among its arguments are below `root`."""
        program, *arguments = words
        rooted = [str(self.at(word)) if word.startswith("/") else word for word in arguments]
        return subprocess.run(
            [str(self.at(program)), *rooted],
            cwd=self._here,
            env={
                **os.environ,
                "PATH": path or f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                **environ,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=STEP_S,
        )
