package coterie.scenarios.fuzz;

import coterie.model.task.Task;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.results.ProcessMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks cases, several at once. Inputs of cases that fail stay where they are; the others are deleted. Which cases are
 * under way stands in a file, should one of them take this process along.
 */
final class Campaign implements AutoCloseable {
    private static final long RUN_MILLIS = 3_000;
    private static final long FIRST_MILLIS = 180_000;
    private static final long MOST_RESIDENT = 3L << 30;
    private static final int MOST_KINDS_TOLD = 40;
    private static final int ITERATIONS = 2;
    private static final int MOST_TOKENS = 300;
    private static final int MOST_USERS = 64;
    private final Path folder;
    private final int runs;
    private final Listener listener;
    private final Console console;
    private final ScenarioCases scenarios;
    private final ForeignCases foreign;
    private final Set<String> beside = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    /**
     * Cases under way that may name a folder for checkpoints: it would be seen by those that are looked at meanwhile.
     */
    private final AtomicInteger saving = new AtomicInteger();

    private final AtomicInteger checked = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();
    private final AtomicLong validating = new AtomicLong();
    private final AtomicLong running = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();

    /**
     * Prepares the corpus.
     *
     * @param folder for everything this leaves
     * @param shipped the scenarios that come with the program
     * @param runs of the cases with which {@code validate} is content, one in so many is run
     */
    Campaign(Path folder, Path shipped, int runs) throws IOException {
        this.folder = folder;
        this.runs = runs;
        console = new Console();
        tellOfAnEarlierEnd();
        delete(folder.resolve("cases"));
        delete(folder.resolve("corpus"));
        Files.deleteIfExists(folder.resolve("failures.txt"));
        Files.deleteIfExists(folder.resolve("cases.tsv"));
        Files.createDirectories(folder.resolve("cases"));
        Corpus corpus = new Corpus(folder.resolve("corpus"), shipped);
        listener = new Listener();
        scenarios = new ScenarioCases(corpus);
        foreign = new ForeignCases(corpus, listener);
        beside.addAll(here());
    }

    /** A process that was aborted could not say where. */
    private void tellOfAnEarlierEnd() throws IOException {
        Path notes = Files.createDirectories(folder.resolve("under-way"));
        try (Stream<Path> list = Files.list(notes)) {
            for (Path note : list.toList()) {
                tell("fuzz: an earlier process ended while it checked "
                        + Files.readString(note).replace("\n", "  "));
                Files.delete(note);
            }
        }
    }

    /** Checks that what is mutated passes before, and can be run. The first run of all loads what is native. */
    void checkCorpus() throws IOException, InterruptedException {
        for (String kind : foreign.kinds()) {
            Case c = foreign.plain(
                    kind, Files.createDirectories(folder.resolve("cases").resolve(kind)));
            String file = c.file().toString();
            String out = c.folder().resolve("out").toString();
            for (List<String> command : List.of(
                    List.of("validate", file), List.of("run", file, "--quiet", "--threads", "1", "--out", out))) {
                Outcome o = Command.run(console, kind, FIRST_MILLIS, false, command);
                if (o.code() != 0) {
                    failures.add(new Failure(c, "what is right is refused", o));
                }
            }
            delete(c.folder());
        }
    }

    List<String> foreignKinds() {
        return foreign.kinds();
    }

    /** Checks one case, and keeps it where it fails. */
    void check(String kind, long seed) throws IOException, InterruptedException {
        String id = Case.id(kind, seed);
        Path place = folder.resolve("cases").resolve(kind + "-" + seed);
        delete(place);
        Files.createDirectories(place);
        Path note = folder.resolve("under-way").resolve(Thread.currentThread().getName());
        Files.writeString(note, id + "\n" + place + "\n" + Failure.command(id) + "\n");
        Case c = kind.equals(ScenarioCases.KIND) ? scenarios.make(seed, place) : foreign.make(kind, seed, place);
        int before = failures.size();
        boolean saves = saves(c.file()) || saves(place.resolve(ScenarioCases.BASE));
        saving.addAndGet(saves ? 1 : 0);
        try {
            examine(c);
        } finally {
            saving.addAndGet(saves ? -1 : 0);
        }
        checked.incrementAndGet();
        Files.delete(note);
        if (failures.size() == before) {
            delete(place);
        }
    }

    private static boolean saves(Path file) throws IOException {
        return Files.exists(file)
                && Files.readString(file, StandardCharsets.ISO_8859_1).contains("checkpoints");
    }

    private void examine(Case c) throws IOException, InterruptedException {
        Outcome o = Command.run(
                console,
                c.id(),
                Command.LIMIT_MILLIS,
                false,
                List.of("validate", c.file().toString()));
        validating.addAndGet(o.millis());
        longest.accumulateAndGet(o.millis(), Math::max);
        StringBuilder line = new StringBuilder(c.id() + "\tvalidate " + o.code() + " in " + o.millis() + " ms");
        Optional<String> complaint = Judge.ofValidate(c, o);
        if (o.code() == 2) {
            refused.incrementAndGet();
        }
        if (complaint.isEmpty()
                && o.code() == 0
                && !c.ofStudy()
                && c.seed() % runs == 0
                && ScenarioReader.read(c.file(), List.of()).scenario().users() <= MOST_USERS) {
            List<String> command = new ArrayList<>(List.of(
                    "run",
                    c.file().toString(),
                    "--out",
                    c.folder().resolve("out").toString(),
                    "--threads",
                    "1",
                    "--quiet"));
            shortened(c).forEach(setting -> command.addAll(List.of("--set", setting)));
            o = Command.run(console, c.id(), RUN_MILLIS, true, command);
            running.addAndGet(o.millis());
            ran.incrementAndGet();
            if (o.asked()) {
                stopped.incrementAndGet();
            }
            complaint = Judge.ofRun(o);
            line.append("\trun ")
                    .append(o.code())
                    .append(" in ")
                    .append(o.millis())
                    .append(" ms")
                    .append(o.asked() ? ", asked to stop" : "");
        }
        if (complaint.isEmpty()) {
            complaint = traces(c);
        }
        append("cases.tsv", line + "\t" + complaint.orElse("") + "\t" + c.what().replaceAll("\\p{Cc}", "?"));
        if (complaint.isPresent()) {
            Failure failure = new Failure(c, complaint.get(), o);
            failures.add(failure);
            // At once, should this process not come to its end.
            append("failures.txt", failure.told());
        }
    }

    /** Settings with which a scenario that may ask for years is run for seconds. */
    private static List<String> shortened(Case c) {
        Scenario s = ScenarioReader.read(c.file(), List.of()).scenario();
        List<String> less = new ArrayList<>();
        if (s.training().iterations() > ITERATIONS) {
            less.add("training.iterations=" + ITERATIONS);
        }
        Map<String, Integer> tokens = Map.of(
                "train",
                s.data().trainTokens(),
                "validation",
                s.data().validationTokens(),
                "test",
                s.data().testTokens(),
                "shared",
                s.data().sharedTokens());
        tokens.forEach((part, n) -> {
            if (s.task().data() == Task.Data.TEXT
                    && n > MOST_TOKENS
                    && n > s.training().context()) {
                less.add("data." + part + "_tokens="
                        + Math.max(MOST_TOKENS, s.training().context() + 1));
            }
        });
        if (s.model().learner().examples(s.training()) > MOST_TOKENS) {
            less.addAll(List.of("training.batch_size=2", "training.accumulation_steps=1"));
        }
        return less;
    }

    private synchronized void append(String name, String line) throws IOException {
        // Not writeString: a mutated text may hold half a surrogate pair.
        Files.write(
                folder.resolve(name),
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** What a command may not leave anywhere: questions to the network, files, memory. */
    private Optional<String> traces(Case c) throws IOException {
        if (listener.asked(c.id())) {
            return Optional.of("asks the network");
        }
        for (String name : here()) {
            if (beside.add(name) && saving.get() == 0) {
                return Optional.of("leaves " + name + " beside the run's folder");
            }
        }
        return ProcessMemory.resident() > MOST_RESIDENT
                ? Optional.of("more than " + MOST_RESIDENT + " bytes of memory")
                : Optional.empty();
    }

    private static Set<String> here() throws IOException {
        try (Stream<Path> list = Files.list(Path.of("").toAbsolutePath())) {
            return list.map(p -> p.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** One line about everything that was done. */
    String told() throws IOException {
        return ("%d cases: %d refused, %d run (%d of them until stopped), %d failed; "
                        + "%d s in validate (%d ms at most), %d s in run; %d MB resident at most")
                .formatted(
                        checked.get(),
                        refused.get(),
                        ran.get(),
                        stopped.get(),
                        failures.size(),
                        validating.get() / 1000,
                        longest.get(),
                        running.get() / 1000,
                        ProcessMemory.peak() >> 20);
    }

    int checked() {
        return checked.get();
    }

    int failed() {
        return failures.size();
    }

    /** Failures, a few of every kind, and all of them in a file. */
    String failures() throws IOException {
        Map<String, List<Failure>> kinds =
                new TreeMap<>(failures.stream().collect(Collectors.groupingBy(Failure::signature)));
        List<List<Failure>> largest = kinds.values().stream()
                .sorted(Comparator.comparingInt((List<Failure> l) -> -l.size()))
                .toList();
        StringBuilder all = new StringBuilder();
        for (List<Failure> same : largest) {
            all.append("==== ")
                    .append(same.size())
                    .append(" x ")
                    .append(same.get(0).signature())
                    .append('\n');
            same.stream().limit(3).forEach(f -> all.append(f.told()).append('\n'));
        }
        Path file = folder.resolve("failures.txt");
        Files.write(file, all.toString().getBytes(StandardCharsets.UTF_8));
        return failures.size() + " cases failed in " + kinds.size() + " ways; all are in " + file + ", their inputs in "
                + folder.resolve("cases") + "\n"
                + largest.stream()
                        .limit(MOST_KINDS_TOLD)
                        .map(s -> s.size() + " x " + s.get(0).told())
                        .collect(Collectors.joining("\n"));
    }

    /** Tells something on the test's own output. */
    void tell(String line) {
        console.real().println(line);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    @Override
    public void close() throws IOException {
        console.close();
        listener.close();
    }
}
