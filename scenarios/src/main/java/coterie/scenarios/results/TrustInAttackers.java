package coterie.scenarios.results;

import coterie.actors.event.Observation;
import coterie.model.aggregation.WeightedMean;
import coterie.model.trust.TrustRow;
import coterie.model.trust.TrustStrategy;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.UserAttack;
import coterie.topology.adversary.Adversaries;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the trust rows of honest users treat users that attack. A user is honest if it never attacks. Only rows that are
 * mixed while an attack lasts count. In a row, users that attack at that time are compared with all others, also with
 * those that attack at another time.
 *
 * @param adversaries who attacks when
 * @param mixesByRow whether a mixture is the sum by the weights of its trust row where the row tells no influence
 */
public record TrustInAttackers(Adversaries adversaries, boolean mixesByRow) {
    /** No user attacks. */
    public static final TrustInAttackers NONE = new TrustInAttackers(Adversaries.NONE, true);

    /** The attackers of a scenario. */
    public static TrustInAttackers of(Scenario s) {
        return new TrustInAttackers(UserAttack.of(s).adversaries(), mixesByRow(s.collaboration()));
    }

    /**
     * The attackers of a run.
     *
     * @param folder of the run
     * @throws InputException if its scenario cannot be read
     */
    public static TrustInAttackers read(Path folder) {
        Path file = folder.resolve("scenario.yaml");
        return of(
                ScenarioReader.read(file, InputFile.text(file), List.of(), true).scenario());
    }

    /** Protocols of their own ask no aggregation rule. The weighted mean tells its influence if a step precedes it. */
    private static boolean mixesByRow(Scenario.Collaboration c) {
        return !(c.method() instanceof TrustStrategy) || c.aggregation().rule() instanceof WeightedMean;
    }

    /** Returns how a mixing treats attackers; null if it does not count. */
    public AttackedRow row(Observation.Mixed m) {
        if (!adversaries.anyAt(m.seconds()) || adversaries.contains(m.user())) {
            return null;
        }
        TrustRow row = m.row();
        int[] users = row.users();
        double[] mixed = mixed(row);
        boolean[] attacks = new boolean[users.length];
        double weight = 0;
        double influence = mixed == null ? Double.NaN : 0;
        int count = 0;
        for (int k = 0; k < users.length; k++) {
            if (adversaries.entry(users[k], m.seconds()) != Adversaries.HONEST) {
                attacks[k] = true;
                count++;
                weight += row.weights()[k];
                influence += mixed == null ? 0 : mixed[k];
            }
        }
        double[] attackers = weights(m, attacks, true);
        double[] honest = weights(m, attacks, false);
        boolean ranks = attackers.length > 0 && honest.length > 0;
        return new AttackedRow(
                weight,
                influence,
                (double) count / users.length,
                ranks ? AttackedRow.aucOf(attackers, honest) : Double.NaN,
                ranks ? AttackedRow.rankOf(attackers, honest) : Double.NaN);
    }

    /** The weights of the candidates in the mixture; null if they are unknown. */
    private double[] mixed(TrustRow row) {
        double[] told = row.influence() == null ? null : row.influence().weights();
        return told != null ? told : mixesByRow ? row.weights() : null;
    }

    /** Weights of the others that attack or do not, in rising order. */
    private static double[] weights(Observation.Mixed m, boolean[] attacks, boolean attack) {
        return IntStream.range(0, attacks.length)
                .filter(k -> m.row().users()[k] != m.user() && attacks[k] == attack)
                .mapToDouble(k -> m.row().weights()[k])
                .sorted()
                .toArray();
    }
}
