"""Settings as words of the command line, and as files."""

import json
import math
import os
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

PathLike = Union[str, "os.PathLike[str]"]
Scenario = Union[PathLike, Mapping[str, Any]]

_UNNAMED = "unnamed"


def key_path(name: str) -> str:
    """The key path of a keyword argument: ``time__loss`` means ``time.loss``."""
    return name.replace("__", ".")


def plain(value: Any) -> Any:
    """A value made of what JSON has: arrays become lists, paths texts, NumPy's numbers numbers.

    Raises:
        TypeError: if it is anything else.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(v) for key, v in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (list, tuple, range)):
        return [plain(v) for v in value]
    raise TypeError(f"a setting is a number, a text, a list or a map, found {type(value).__name__}: {value!r}")


def written(value: Any) -> str:
    """A value as YAML: JSON, except for numbers that JSON lacks."""
    value = plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def set_options(overrides: Mapping[str, Any]) -> List[str]:
    """``--set KEY=VALUE`` for each setting."""
    words: List[str] = []
    for name, value in overrides.items():
        words += ["--set", f"{key_path(name)}={written(value)}"]
    return words


def options(
    *, out: Optional[PathLike], device: Optional[str], threads: Optional[int], more: Sequence[str]
) -> List[str]:
    """The options that all commands share."""
    words: List[str] = []
    for name, value in (("--out", out), ("--device", device), ("--threads", threads)):
        if value is not None:
            words += [name, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    return words + list(more)


def scenario_file(scenario: Scenario, folder: Path) -> Path:
    """The file of a scenario; one that is a map is written into the folder.

    A scenario that is a map has no folder: the files that it names, ``extends`` too, are relative to the working
    directory.
    """
    if not isinstance(scenario, Mapping):
        return Path(scenario)
    settings = plain(scenario)
    extended = settings.get("extends")
    if isinstance(extended, str):
        settings["extends"] = str(Path(extended).absolute())
    return written_file(settings, folder / "scenario.json")


def study_file(
    study: Mapping[str, Any], scenario: Optional[Scenario], seeds: Optional[Any], name: Optional[str], folder: Path
) -> Path:
    """Writes the file of a study: of one that is whole (has the key ``scenario``), or of a grid and a scenario.

    Raises:
        ValueError: if there is no scenario, or there are two.
    """
    whole: Dict[str, Any] = dict(study) if "scenario" in study else {"grid": dict(study)}
    if scenario is not None and "scenario" in study:
        raise ValueError("the study names its scenario already: leave out the argument scenario")
    varied = whole.get("scenario", scenario)
    if varied is None:
        raise ValueError("a grid varies a scenario: name it, study(grid, scenario=...)")
    if "grid" in whole:
        whole["grid"] = {key_path(key): list(values) for key, values in whole["grid"].items()}
    if seeds is not None:
        whole["seeds"] = seeds if isinstance(seeds, str) else [int(seed) for seed in seeds]
    if name is not None:
        whole["name"] = name
    if "name" not in whole:
        first = varied.get("name", _UNNAMED) if isinstance(varied, Mapping) else Path(varied).stem
        keys = list(whole.get("grid", {})) or ["seeds"]
        whole["name"] = re.sub("[^A-Za-z0-9._-]", "_", "-".join([str(first), *keys]))[:100]
    whole["scenario"] = str(scenario_file(varied, folder).absolute())
    return written_file(plain(whole), folder / "study.json")


def written_file(content: Any, file: Path) -> Path:
    """Writes JSON."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file
