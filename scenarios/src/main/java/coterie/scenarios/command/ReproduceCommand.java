package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.ShellWords;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.StudyEstimate;
import coterie.scenarios.study.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coterie reproduce}: runs the studies of a suite, and judges all of its claims. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        description = "Run the studies of a suite of claims and write the verdicts; runs that have ended are not"
                + " repeated. Without a name, list the suites, what they claim, and how long they take.")
final class ReproduceCommand implements Callable<Integer> {
    private static final Path SHIPPED = Path.of("scenarios", "claims");
    private static final int INTERRUPTED = 130;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the suite, such as paper")
    private String name;

    @Option(
            names = "--full",
            description = "the full size of each study: with pretrained bases and whole data sets, for a GPU")
    private boolean full;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder for the results of suites (default: runs/claims); this one's are in DIR/NAME, or"
                    + " DIR/NAME-full")
    private Path out = Path.of("runs", "claims");

    @Option(
            names = "--suites",
            paramLabel = "DIR",
            description = "folder of suites, each a folder with studies (default: scenarios/claims, here or beside the"
                    + " program)")
    private Path suites;

    @Mixin
    private StudyOptions options;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        options.check();
        Path shipped = suites != null ? suites : shipped();
        List<Suite> all = Suite.in(shipped);
        if (name == null) {
            all.forEach(this::list);
            return 0;
        }
        Suite suite = all.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("there is no suite \"" + name + "\" in " + shipped
                        + "; there are: "
                        + String.join(", ", all.stream().map(Suite::name).toList())));
        Path folder = out.resolve(full ? name + "-full" : name);
        List<StudySession> sessions = new ArrayList<>();
        for (Study study : suite.studies(options.overrides(), full)) {
            sessions.add(new StudySession(
                    study, folder, options.rules(), options.device(), options.quiet(), TypedCommand.words(command)));
        }
        if (!options.claimsOnly()) {
            estimate(sessions);
        }
        if (options.dry()) {
            return 0;
        }
        Files.createDirectories(folder);
        FolderLock lock = FolderLock.take(folder);
        try {
            return reproduce(suite, sessions, folder);
        } finally {
            lock.close();
        }
    }

    /** The suites of the working directory's repository, or of the one that the program is in. */
    private static Path shipped() {
        String home = System.getProperty("coterie.home");
        return Files.isDirectory(SHIPPED) || home == null
                ? SHIPPED
                : Path.of(home).resolve(SHIPPED);
    }

    private void list(Suite suite) {
        List<Study> studies = suite.studies(options.overrides(), full);
        System.out.printf(
                "%s: claims: %d, studies: %d%s%n",
                suite.name(),
                studies.stream().mapToInt(s -> s.claims().size()).sum(),
                studies.size(),
                suite.time().isEmpty() ? "" : ". Time: " + suite.time());
        if (!suite.about().isEmpty()) {
            System.out.println("  " + suite.about());
        }
        int width = studies.stream().mapToInt(s -> s.name().length()).max().orElse(1);
        studies.forEach(s -> System.out.printf(
                "  %-" + width + "s  claims: %2d  %s%n", s.name(), s.claims().size(), s.question()));
    }

    private void estimate(List<StudySession> sessions) throws IOException {
        Map<Object, StudyEstimate> trials = new HashMap<>();
        Set<Path> counted = new HashSet<>();
        double seconds = 0;
        int left = 0;
        for (StudySession session : sessions) {
            StudySession.Plan plan = session.plan(options.jobs(), trials, counted);
            seconds += plan.seconds();
            left += plan.left();
            System.out.println(session.tables().study().name() + ": " + plan);
        }
        System.out.printf(Locale.ROOT, "all: %d runs to do, about %.0f min%n", left, Math.ceil(seconds / 60));
    }

    private int reproduce(Suite suite, List<StudySession> sessions, Path folder) throws IOException {
        int code = 0;
        SuiteTables tables = new SuiteTables();
        for (StudySession session : sessions) {
            Study study = session.tables().study();
            if (options.claimsOnly()) {
                session.judge(false);
            } else {
                System.out.println("\n" + study.name() + ": " + study.question());
                int own = session.run(options.jobs(), false);
                if (own == INTERRUPTED) {
                    return own;
                }
                code = Math.max(code, own);
            }
            tables.add(session.tables(), shown(study.file()));
        }
        System.out.print("\n" + tables.write(folder, suite.name(), suite.about(), repeating()));
        System.out.println("tables and report: " + folder.resolve("claims.html"));
        return code;
    }

    /** The file's path from the folder in which the suites' folder is, which does not tell where on this machine. */
    private static String shown(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        int names = whole.getNameCount();
        return whole.subpath(Math.max(0, names - SHIPPED.getNameCount() - 2), names)
                .toString()
                .replace('\\', '/');
    }

    /** The command that repeats the suite. */
    private String repeating() {
        List<String> words = new ArrayList<>(List.of("./coterie", "reproduce", name));
        if (full) {
            words.add("--full");
        }
        options.overrides().forEach(o -> words.addAll(List.of("--set", o)));
        return ShellWords.join(words);
    }
}
