"""How honest users trust users that attack. A user is honest if it never attacks."""

import math
from typing import Any, Dict, Iterable, List, Mapping, Tuple

from coterie.results import Run

# Strategies that are protocols of their own: what they mix follows from the weights of their rows.
_PROTOCOLS = ("ad-psgd", "fedbuff", "gossip", "swift")


class TrustInAttackers:
    """Means over honest users, each by its newest trust row that was mixed while an attack lasted.

    ``weight``: on attackers, together; ``influence``: what the aggregation left of it, where it is known; ``auc``: the
    probability that a row gives an attacker less weight than another honest user, equal weights counting one half.
    """

    def __init__(self, run: Run) -> None:
        self._times: Dict[int, List[Tuple[float, float]]] = {}
        attacks = run.attacks
        for user, begin, end in zip(attacks["user"], attacks["from_seconds"], attacks["until_seconds"]):
            self._times.setdefault(int(user), []).append((float(begin), float(end)))
        self._by_row = (
            run.settings.get("collaboration.aggregation.rule", "weighted-mean") == "weighted-mean"
            or run.settings.get("collaboration.strategy") in _PROTOCOLS
        )
        self._newest: Dict[str, Dict[int, float]] = {"weight": {}, "influence": {}, "auc": {}}

    @property
    def any(self) -> bool:
        """Whether any user attacks."""
        return bool(self._times)

    def honest(self, values: Mapping[int, float]) -> List[float]:
        """The values of users that never attack."""
        return [value for user, value in values.items() if user not in self._times]

    def add(self, line: Mapping[str, Any]) -> Dict[str, float]:
        """Adds a line of ``trust.jsonl``, in order of virtual time.

        Returns:
            the means from then on, by name; empty if the line does not count.
        """
        seconds = float(line["virtual_seconds"])
        attackers = {user for user, times in self._times.items() if any(b <= seconds < e for b, e in times)}
        own = int(line["user"])
        if own in self._times or not attackers:
            return {}
        row = _numbers(line["row"])
        told = line.get("influence")
        # A field that only some lines have is NaN in the others.
        mixed = _numbers(told) if isinstance(told, Mapping) else row if self._by_row else None
        others = [user for user in row if user != own]
        found = {
            "weight": sum(row[user] for user in row if user in attackers),
            "influence": math.nan if mixed is None else sum(mixed[user] for user in row if user in attackers),
            "auc": _auc([row[u] for u in others if u in attackers], [row[u] for u in others if u not in attackers]),
        }
        means: Dict[str, float] = {}
        for name, value in found.items():
            self._newest[name][own] = value
            known = [v for v in self._newest[name].values() if not math.isnan(v)]
            if known:
                means[f"attackers/{name}"] = sum(known) / len(known)
        return means


def _numbers(weights: Mapping[str, Any]) -> Dict[int, float]:
    return {int(user): float(weight) for user, weight in weights.items()}


def _auc(attackers: Iterable[float], honest: List[float]) -> float:
    """NaN without attackers or without honest users."""
    wins = [(other > weight) + 0.5 * (other == weight) for weight in attackers for other in honest]
    return sum(wins) / len(wins) if wins else math.nan
