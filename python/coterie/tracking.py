"""What trackers of experiments are told of a finished run."""

import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple, cast

from coterie.attackers import TrustInAttackers
from coterie.errors import CoterieError
from coterie.results import Run, load

TIME = "virtual_seconds"
_LINES = ("turns", "evaluations", "trust", "events")
_NO_METRICS = {TIME, "user", "iteration", "turn"}


def records(run: Run) -> List[Dict[str, float]]:
    """What is logged of a run: one record for each instant of virtual time at which anything happened, in order.

    =================================== ================= ==============================================================
    name                                from              value
    =================================== ================= ==============================================================
    ``virtual_seconds``                 all               the instant
    ``evaluation/METRIC/user-N``        evaluations.jsonl the metric on the user's test set
    ``evaluation/METRIC/mean``          evaluations.jsonl mean over users of each one's newest value
    ``evaluation/METRIC/honest``        evaluations.jsonl the same over users that never attack, if any user attacks
    ``iteration/user-N``                turns.jsonl       local iterations until the end of the turn
    ``training/loss/user-N``            turns.jsonl       mean loss of the turn, nats
    ``messages/sent``                   turns.jsonl       messages since the beginning, of all users
    ``messages/lost``                   turns.jsonl       those of them that were lost
    ``bytes/sent``                      turns.jsonl       parameters and predictions since the beginning, of all users
    ``trust/own/user-N``                trust.jsonl       weight of the user's own adapter
    ``staleness/seconds/user-N``        trust.jsonl       mean age of others' snapshots in the row, virtual seconds
    ``attackers/weight``                trust.jsonl       weight of attackers in honest users' newest rows, the mean
    ``attackers/influence``             trust.jsonl       what the aggregation left of it, where it is known
    ``attackers/auc``                   trust.jsonl       AUC of 1 − trust as a detector of attackers, the mean
    ``events/KIND``                     events.jsonl      number of events of this kind since the beginning
    =================================== ================= ==============================================================

    Values that do not exist (``null``) are left out. Of several values of one name at one instant, the last counts.
    """
    instants: Dict[float, Dict[str, float]] = {}
    totals: Dict[str, float] = {}
    newest: Dict[str, Dict[int, float]] = {}
    attackers = TrustInAttackers(run)
    for kind, line in _in_order(run):
        values = {
            "turns": _turn,
            "evaluations": _evaluation,
            "trust": _trust,
            "events": _event,
        }[kind](line)
        if kind == "trust":
            values.update(attackers.add(line))
        for name, value in values.items():
            if name in ("messages/sent", "messages/lost", "bytes/sent") or name.startswith("events/"):
                value = totals[name] = totals.get(name, 0) + value
            elif name.startswith("evaluation/"):
                metric = name.rpartition("/")[0]
                newest.setdefault(metric, {})[int(line["user"])] = value
            instants.setdefault(float(line[TIME]), {})[name] = value
        if kind == "evaluations":
            for metric, of_users in newest.items():
                means = instants.setdefault(float(line[TIME]), {})
                means[f"{metric}/mean"] = sum(of_users.values()) / len(of_users)
                honest = attackers.honest(of_users)
                if attackers.any and honest:
                    means[f"{metric}/honest"] = sum(honest) / len(honest)
    return [{TIME: seconds, **values} for seconds, values in sorted(instants.items())]


def _in_order(run: Run) -> Iterator[Tuple[str, Mapping[str, Any]]]:
    """All lines of the run's files in order of virtual time; at one instant file by file."""
    tables = {"turns": run.turns, "evaluations": run.evaluations, "trust": run.trust_rows, "events": run.events}
    lines: List[Tuple[str, Mapping[str, Any]]] = []
    for kind in _LINES:
        lines += [(kind, cast(Mapping[str, Any], line)) for line in tables[kind].to_dict("records")]
    yield from sorted(lines, key=lambda kind_and_line: float(kind_and_line[1][TIME]))


def _turn(line: Mapping[str, Any]) -> Dict[str, float]:
    user = line["user"]
    return _known(
        {
            f"iteration/user-{user}": line["iteration"],
            f"training/loss/user-{user}": line["training_loss"],
            "messages/sent": line["messages_sent"],
            "messages/lost": line["messages_lost"],
            "bytes/sent": line["parameter_bytes"] + line["prediction_bytes"],
        }
    )


def _evaluation(line: Mapping[str, Any]) -> Dict[str, float]:
    return _known(
        {f"evaluation/{name}/user-{line['user']}": value for name, value in line.items() if name not in _NO_METRICS}
    )


def _trust(line: Mapping[str, Any]) -> Dict[str, float]:
    own = str(line["user"])
    ages = [seconds for other, seconds in line["age_seconds"].items() if other != own]
    return _known(
        {
            f"trust/own/user-{own}": line["row"].get(own, 0.0),
            f"staleness/seconds/user-{own}": sum(ages) / len(ages) if ages else None,
        }
    )


def _event(line: Mapping[str, Any]) -> Dict[str, float]:
    return {f"events/{line['event']}": 1}


def _known(values: Mapping[str, Any]) -> Dict[str, float]:
    # A null in a table is NaN, which is not equal to itself.
    return {name: value for name, value in values.items() if value is not None and value == value}


def summary(run: Run) -> Dict[str, Any]:
    """Numbers and texts of ``summary.json`` by their key paths, such as ``staleness.mean_versions``, without lists."""
    return dict(_leaves("", {key: value for key, value in run.summary.items() if key not in ("provenance", "records")}))


def _leaves(path: str, value: Any) -> Iterator[Tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(f"{path}.{key}" if path else key, part)
    elif isinstance(value, (int, float, str)):
        yield path, value


def config(run: Run) -> Dict[str, Any]:
    """Every setting by its key path, and ``provenance`` as in the summary."""
    return {**run.settings, "provenance": run.summary.get("provenance", {})}


def import_folder(log: Callable[..., None], folder: Path, init: Mapping[str, Any]) -> int:
    """What the commands of trackers do: log the run in a folder.

    Args:
        log: takes the run, and arguments for the tracker.
        folder: of a run that has ended.
        init: arguments for the tracker; those that are None are left out.

    Returns:
        The exit code: 0, or 2 with a message if there is no run that has ended, or the tracker is not installed.
    """
    try:
        log(load(folder), **{key: value for key, value in init.items() if value is not None})
    except (CoterieError, ImportError) as e:
        print(f"coterie: {e}", file=sys.stderr)
        return 2
    return 0
