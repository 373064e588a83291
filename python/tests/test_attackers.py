import unittest

from fixtures import InFolder, lines, run_folder, trust, write

import coterie
from coterie.attackers import TrustInAttackers
from coterie.tracking import records


class AttackersTest(InFolder):
    """User 2 of three attacks from 2.5 s to 6 s."""

    def setUp(self) -> None:
        super().setUp()
        folder = run_folder(self.folder / "run")
        attack = {"entry": 0, "attack": "sign-flip", "from_seconds": 2.5, "until_seconds": 6.0}
        users = [{}, {}, {"attacks": [attack]}]
        write(folder / "users.json", {"categories": ["french"], "users": users, "edges": None})
        ages = {"0": 0.0, "1": 0.0, "2": 0.0}
        refused = trust(5.0, 1, {"0": 0.4, "1": 0.4, "2": 0.2}, ages)
        refused["influence"] = {"0": 0.5, "1": 0.5, "2": 0.0}
        lines(folder / "trust.jsonl", [
            trust(2.0, 0, {"0": 0.0, "1": 0.0, "2": 1.0}, ages),
            trust(3.0, 0, {"0": 0.2, "1": 0.4, "2": 0.4}, ages),
            refused,
            trust(5.5, 2, {"0": 0.0, "1": 0.0, "2": 1.0}, ages),
            trust(6.0, 0, {"0": 0.0, "1": 0.0, "2": 1.0}, ages)])
        self.run_ = coterie.load(folder)

    def test_attacks_are_a_table(self) -> None:
        self.assertEqual(self.run_.attacks.values.tolist(), [[2, 0, "sign-flip", 2.5, 6.0]])

    def test_rows_of_honest_users_during_an_attack_count(self) -> None:
        found = {r["virtual_seconds"]: r for r in records(self.run_) if "attackers/weight" in r}
        self.assertEqual(sorted(found), [3.0, 5.0])
        self.assertAlmostEqual(found[3.0]["attackers/weight"], 0.4)
        self.assertAlmostEqual(found[3.0]["attackers/auc"], 0.5)
        # Of both users' newest rows: (0.4 + 0.2) / 2, (0.4 + 0) / 2 and (0.5 + 1) / 2.
        self.assertAlmostEqual(found[5.0]["attackers/weight"], 0.3)
        self.assertAlmostEqual(found[5.0]["attackers/influence"], 0.2)
        self.assertAlmostEqual(found[5.0]["attackers/auc"], 0.75)

    def test_the_mean_of_honest_users_leaves_attackers_out(self) -> None:
        first = records(self.run_)[0]
        self.assertEqual((first["evaluation/loss/mean"], first["evaluation/loss/honest"]), (4.0, 3.5))

    def test_influence_is_unknown_under_a_rule_that_tells_none(self) -> None:
        settings = {"collaboration.aggregation.rule": "median", "collaboration.strategy": "prediction-similarity"}
        write(self.run_.folder / "run.json", {"scenario": settings})
        means = TrustInAttackers(coterie.load(self.run_.folder)).add(trust(3.0, 0, {"0": 0.5, "2": 0.5}, {}))
        self.assertEqual(means, {"attackers/weight": 0.5})


if __name__ == "__main__":
    unittest.main()
