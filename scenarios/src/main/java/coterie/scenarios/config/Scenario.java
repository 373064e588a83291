package coterie.scenarios.config;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.PreAggregator;
import coterie.model.exchange.Exchange;
import coterie.model.program.Precision;
import coterie.model.task.Task;
import coterie.model.trust.CollaborationStrategy;
import coterie.model.trust.Fidelity;
import coterie.model.trust.LogitSimilarity;
import coterie.model.trust.PredictionSimilarity;
import coterie.model.trust.Refresh;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustStrategy;
import coterie.model.utility.UtilityMeter;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.CrashRate;
import coterie.topology.device.CrashRates;
import coterie.topology.device.Faults;
import coterie.topology.graph.TopologyModel;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.network.NetworkPartition;
import coterie.topology.settings.Component;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scenario with every setting filled in. The settings are described in {@code defaults.yaml}. Constructors reject
 * values that are always invalid; {@link ScenarioReader} rejects invalid combinations.
 */
public record Scenario(
        String name,
        long seed,
        int users,
        Model model,
        DataSettings data,
        Training training,
        Collaboration collaboration,
        TopologyModel topology,
        Time time,
        Presence participation,
        Failures faults,
        List<UserGroup> groups,
        List<UserAttack> adversaries,
        Evaluation evaluation,

        @ResultNeutral Saving checkpoints,

        Recording record,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Tracking> tracking,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Strategy> baselines,

        List<BaselineSettings> baselineSettings) {
    public Scenario {
        require(
                name != null && name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
                "name must be 1 to 100 letters, digits, dots, dashes or underscores," + " found " + name);
        require(users >= 1 && users <= 1_000_000, "users must be 1 to 1000000, found " + users);
    }

    /** Whether a setting, given by its key path, can affect results. */
    public static boolean affectsResults(String key) {
        String block = key.replaceFirst("[.].*", "");
        return Arrays.stream(Scenario.class.getRecordComponents())
                .noneMatch(c -> c.isAnnotationPresent(ResultNeutral.class)
                        && c.getName().equals(block));
    }

    /** Returns the task of the users. */
    public Task task() {
        Task task = model.learner().task();
        return UserAttack.backdoors(this).isEmpty() ? task : task.withBackdoor();
    }

    /** What users train; for language models the base and the adapters. */
    public record Model(
            LearnerType learner,
            String base,
            Precision precision,
            double baseDropout,
            boolean evaluationDropout,
            Lora lora,
            Adapter adapter) {
        public Model {
            require(base != null && !base.isBlank(), "base must name a base: builtin:NAME or a directory");
            inUnit("base_dropout", baseDropout);
        }
    }

    public record Lora(int rank, double alpha, double dropout, Set<Target> targets) {
        public Lora {
            new LoraConfig(rank, alpha, dropout, targets);
        }

        public LoraConfig config() {
            return new LoraConfig(rank, alpha, dropout, targets);
        }
    }

    /** The initial adapters: random or from files. */
    public record Adapter(String path, AdapterLayout.Start init) {}

    /** The settings of a baseline that differ from those of the run, by key path. */
    public record BaselineSettings(Strategy strategy, Map<String, Object> set) {
        public BaselineSettings {
            require(strategy != null, "strategy must be one of the baselines, found nothing");
            require(set != null, "set must be a map of key.path: value, found nothing");
        }
    }

    public enum ScheduleKind {
        ONE_CYCLE,
        CONSTANT
    }

    /** The reaction to a user's diverged training. */
    public enum OnDivergence {
        STOP,
        CONTINUE
    }

    /** Larger learning rates are rejected: they soon overflow float32. */
    private static final double MOST_RATE = 1000;
    /** Larger predictions, in windows or tokens per position, would not fit into memory. */
    private static final int MOST_PREDICTIONS = 1_000_000;

    public record Training(
            int iterations,
            int batchSize,
            int accumulationSteps,
            int context,
            double learningRate,
            ScheduleKind schedule,
            Integer scheduleIterations,
            double warmup,
            double startDivisor,
            double endDivisor,
            List<Double> betas,
            double epsilon,
            double weightDecay,
            OnDivergence onDivergence) {
        public Training {
            positive("iterations", iterations);
            positive("batch_size", batchSize);
            positive("accumulation_steps", accumulationSteps);
            require(context >= 2, "context must be at least 2, found " + context);
            require(
                    learningRate > 0 && learningRate < MOST_RATE,
                    "learning_rate must be greater than 0 and less than " + MOST_RATE + ", found " + learningRate);
            require(
                    scheduleIterations == null || scheduleIterations >= iterations,
                    "schedule_iterations must be at least iterations, found " + scheduleIterations);
            inUnit("warmup", warmup);
            divisor("start_divisor", startDivisor, learningRate);
            divisor("end_divisor", endDivisor, learningRate / startDivisor);
            require(
                    betas != null && betas.size() == 2 && betas.stream().allMatch(b -> b >= 0 && b < 1),
                    "betas must be two numbers in [0, 1), found " + betas);
            require(epsilon > 0, "epsilon must be greater than 0, found " + epsilon);
            require(
                    weightDecay >= 0 && weightDecay < MOST_RATE,
                    "weight_decay must be at least 0 and less than " + MOST_RATE + ", found " + weightDecay);
        }

        private static void divisor(String name, double divisor, double rate) {
            require(
                    divisor > 0 && rate / divisor < MOST_RATE,
                    name + " must be greater than 0, and " + rate + " / " + name + " less than " + MOST_RATE
                            + ", found " + divisor);
        }
    }

    /**
     * The collaboration of users.
     *
     * @param strategy name of the strategy
     * @param method the strategy with its settings
     */
    public record Collaboration(
            Strategy strategy,
            CollaborationStrategy method,
            Fidelity fidelity,
            Exchange exchange,
            int startAfter,
            int every,
            double fineTuneShare,
            Trust trust,
            Aggregation aggregation,
            DoorSettings door,
            Staleness staleness,
            Protocol protocol) {
        public Collaboration {
            require(startAfter >= 0, "start_after must not be negative, found " + startAfter);
            positive("every", every);
            inUnit("fine_tune_share", fineTuneShare);
        }
    }

    /** How candidates are combined, and the step before. */
    public record Aggregation(Aggregator rule, PreAggregator before) {
        /** Whether the rule measures candidates on validation data if users follow this strategy. */
        public boolean measuresUnder(CollaborationStrategy method) {
            return rule.needsValidationSet() && method.communicates() && method instanceof TrustStrategy;
        }

        /** Returns the rule as messages name it. */
        public String label() {
            return "collaboration.aggregation.rule "
                    + rule.getClass().getAnnotation(Component.class).name();
        }
    }

    public enum Positions {
        ALL,
        LAST
    }

    public record Trust(
            Refresh refresh,
            Integer maxAge,
            Double scale,
            PredictionSimilarity.Compare compare,
            LogitSimilarity.Normalise normalise,
            int topK,
            Double threshold,
            @JsonProperty("top_k_logits") int topKLogits,
            Integer sharedWindows,
            Positions positions,
            int validationTokens) {
        public Trust {
            require(maxAge == null || maxAge >= 0, "max_age must not be negative, found " + maxAge);
            require(
                    scale == null || scale > 0 && Double.isFinite(scale),
                    "scale must be finite and greater than 0, found " + scale);
            require(threshold == null || !Double.isNaN(threshold), "threshold must be a number, found " + threshold);
            require(topK >= 0, "top_k must not be negative, found " + topK);
            require(
                    topKLogits >= 1 && topKLogits <= MOST_PREDICTIONS,
                    "top_k_logits must be 1 to " + MOST_PREDICTIONS + ", found " + topKLogits);
            require(
                    sharedWindows == null || sharedWindows > 0 && sharedWindows <= MOST_PREDICTIONS,
                    "shared_windows must be 1 to " + MOST_PREDICTIONS + ", found " + sharedWindows);
            require(validationTokens >= 0, "validation_tokens must not be negative, found " + validationTokens);
        }
    }

    /** The discount of stale snapshots, the use of the remaining weight, and the staleness bound for waiting. */
    public record Staleness(
            StalenessDiscount discount, StalenessDiscount.Remainder remainder, Integer bound, int buffer) {
        public Staleness {
            require(bound == null || bound >= 0, "bound must not be negative, found " + bound);
            require(buffer >= 0, "buffer must not be negative, found " + buffer);
        }
    }

    /** Settings of strategies that are protocols with their own mixing rule. */
    public record Protocol(int mixEvery, int buffer, double serverRate) {
        public Protocol {
            positive("mix_every", mixEvery);
            positive("buffer", buffer);
            require(serverRate > 0, "server_rate must be greater than 0, found " + serverRate);
        }
    }

    public enum Clock {
        VIRTUAL,
        WALL
    }

    public record Time(
            Clock clock,
            double speed,
            Mode mode,
            Double untilSeconds,
            ComputeTime compute,
            Latency latency,
            Bandwidth bandwidth,
            double loss,
            double duplication,
            double reordering,
            double reorderingMs,
            List<NetworkPartition> partitions) {
        public Time {
            require(speed >= 1e-3 && speed <= 1e6, "speed must be 0.001 to 1000000, found " + speed);
            require(
                    untilSeconds == null || untilSeconds > 0 && untilSeconds <= Ticks.LONGEST_SECONDS,
                    "until_seconds must be greater than 0 and at most " + Ticks.LONGEST_SECONDS + ", found "
                            + untilSeconds);
            new Links(latency, loss, duplication, reordering, reorderingMs, partitions);
        }

        /** @param delays in place of {@link #latency} */
        Links links(Latency delays) {
            return new Links(delays, loss, duplication, reordering, reorderingMs, partitions);
        }
    }

    public enum Keeping {
        KEEP,
        LOSE
    }

    /** Participation, and the behaviour of offline users. */
    public record Presence(Participation model, OfflineBehaviour idle, Keeping mail) {}

    /** Crashes of devices; the rate is that of users whose group has none of its own. */
    public record Failures(
            List<Faults.Crash> crashes, double crashesPerHour, double downSeconds, int saveEvery, Keeping inbox) {
        public Failures {
            new Faults(crashes, crashesPerHour, downSeconds, saveEvery, inbox == Keeping.KEEP);
        }

        /** @param rates of random crashes */
        Faults faults(CrashRates rates) {
            return new Faults(crashes, rates, saveEvery, inbox == Keeping.KEEP);
        }

        CrashRate rate() {
            return new CrashRate(crashesPerHour, downSeconds);
        }
    }

    /** Returns the faults of all users' devices. */
    public Faults deviceFaults() {
        return faults.faults(UserGroup.groups(this).crashes(faults.rate()));
    }

    /** When checkpoints are written. */
    public record Saving(double everyMinutes, int everyTurns, int keep, String path) {
        public Saving {
            require(everyMinutes >= 0, "every_minutes must not be negative, found " + everyMinutes);
            require(everyTurns >= 0, "every_turns must not be negative, found " + everyTurns);
            positive("keep", keep);
        }
    }

    /**
     * What is recorded beyond turns, evaluations and trust.
     *
     * @param utility after every how many turns a user that mixes measures the utility of its neighbours; 0 for never
     * @param utilityEpsilon ε of {@link UtilityMeter}
     */
    public record Recording(boolean messages, int samples, int utility, double utilityEpsilon) {
        public Recording {
            require(samples >= 0, "samples must not be negative, found " + samples);
            require(utility >= 0, "utility must not be negative, found " + utility);
            require(
                    utilityEpsilon > 0 && utilityEpsilon <= 1,
                    "utility_epsilon must be greater than 0 and at most 1, found " + utilityEpsilon);
        }
    }

    public enum TestSet {
        TEST,
        RELEASED
    }

    /** A target for the mean of a metric over users, at which a run ends. */
    public record EndAt(String metric, double value) {
        public EndAt {
            require(metric != null, "metric must name a metric, found nothing");
            require(Double.isFinite(value), "value must be a finite number, found " + value);
        }
    }

    /** @param targetPerplexity target for the metric perplexity; null for none */
    public record Evaluation(int every, int tokens, TestSet protocol, Double targetPerplexity, EndAt target) {
        public Evaluation {
            positive("every", every);
            require(tokens >= 0, "tokens must not be negative, found " + tokens);
            require(
                    targetPerplexity == null || targetPerplexity >= 1,
                    "target_perplexity must be at least 1, found " + targetPerplexity);
            require(
                    targetPerplexity == null || target == null,
                    "target and target_perplexity must not both be set, found " + targetPerplexity + " and " + target);
        }
    }

    static void positive(String name, int value) {
        require(value >= 1, name + " must be at least 1, found " + value);
    }

    private static void inUnit(String name, double value) {
        require(value >= 0 && value < 1, name + " must lie in [0, 1), found " + value);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
