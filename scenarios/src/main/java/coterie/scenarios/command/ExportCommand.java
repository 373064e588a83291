package coterie.scenarios.command;

import coterie.model.adapter.PeftFiles;
import coterie.model.base.PretrainedBase;
import coterie.model.files.ForeignText;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie export}: adapters of a run in the format of Hugging Face's PEFT, and their built-in base. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Copy users' adapters out of a run, in the format of Hugging Face's PEFT, and write the run's"
                + " built-in base as transformers reads it.")
final class ExportCommand implements Callable<Integer> {
    private static final String USER = "user-";

    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the run")
    private Path run;

    @Option(names = "--user", paramLabel = "N", description = "number of the user")
    private Integer user;

    @Option(names = "--all-users", description = "all users' adapters, into user-0, user-1, ...")
    private boolean all;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "new folder for the adapter (default: adapter-user-N), or for those of all users"
                    + " (default: adapters)")
    private Path out;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "new folder for the run's base, if it is a built-in one, in Hugging Face's layout")
    private Path base;

    @Override
    public Integer call() throws IOException {
        checkOptions();
        List<Integer> users = users();
        if (user != null && !users.contains(user)) {
            throw new InputException(
                    "--user " + user + ": the run has " + users.size() + " users with adapters, from " + users.get(0));
        }
        String name = baseName(user != null ? user : users.get(0));
        if (base != null && !PretrainedBase.isBuiltin(name)) {
            throw new InputException("--base writes built-in bases; the base of this run is " + name
                    + ", which transformers reads as it is");
        }
        Path to = out != null ? out : Path.of(all ? "adapters" : "adapter-" + USER + user);
        if (adapters()
                && base != null
                && to.toAbsolutePath().normalize().equals(base.toAbsolutePath().normalize())) {
            throw new InputException("--base and --out must be two folders, found " + base + " for both");
        }
        if (adapters() && Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new InputException(to + " is there already; name another folder with --out");
        }
        if (base != null) {
            create(base, "--base");
            PretrainedBase.write(name, base);
            System.out.println(name + ": " + base);
        }
        if (all) {
            create(to, "--out");
            for (int u : users) {
                copy(u, Files.createDirectory(to.resolve(USER + u)));
            }
            System.out.println("adapters of " + users.size() + " users: " + to);
        } else if (user != null) {
            create(to, "--out");
            copy(user, to);
            System.out.println("adapter of user " + user + ": " + to);
        }
        if (adapters()) {
            loading(name, to, users).forEach(System.out::println);
        }
        return 0;
    }

    private boolean adapters() {
        return user != null || all;
    }

    private void checkOptions() {
        if (user != null && all) {
            throw new InputException("--user and --all-users exclude each other");
        }
        if (!adapters() && base == null) {
            throw new InputException("must name what to export: --user N, --all-users or --base DIR");
        }
        if (out != null && !adapters()) {
            throw new InputException("--out names the folder of adapters: add --user N or --all-users");
        }
    }

    /** Returns the users with adapters, in ascending order. */
    private List<Integer> users() throws IOException {
        if (Files.isDirectory(run.resolve("models"))) {
            throw new InputException(run + ": its users have no adapters; their models are in " + run.resolve("models")
                    + ", a file each: user-N.json");
        }
        if (!Files.isDirectory(run.resolve("adapters"))) {
            throw new InputException(run + " is not the folder of a run that has ended (no adapters in it)");
        }
        try (Stream<Path> folders = Files.list(run.resolve("adapters"))) {
            List<Integer> users = folders.map(p -> p.getFileName().toString())
                    .filter(n -> n.matches(USER + "[0-9]{1,9}"))
                    .map(n -> Integer.valueOf(n.substring(USER.length())))
                    .sorted()
                    .toList();
            if (users.isEmpty()) {
                throw new InputException(run.resolve("adapters") + " holds no adapter (user-0, user-1, ...)");
            }
            return users;
        }
    }

    private Path adapter(int of) {
        return run.resolve("adapters").resolve(USER + of);
    }

    private String baseName(int of) throws IOException {
        return ForeignText.json(adapter(of).resolve(PeftFiles.CONFIG))
                .path("base_model_name_or_path")
                .asText();
    }

    private void copy(int of, Path to) throws IOException {
        try (Stream<Path> files = Files.list(adapter(of))) {
            for (Path f : files.toList()) {
                Files.copy(f, to.resolve(f.getFileName()));
            }
        }
    }

    private static void create(Path folder, String option) throws IOException {
        try {
            if (folder.toAbsolutePath().getParent() != null) {
                Files.createDirectories(folder.toAbsolutePath().getParent());
            }
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            throw new InputException(folder + " is there already; name another folder with " + option);
        }
    }

    /** Returns how Python and lm-eval load the adapters with their base. */
    private List<String> loading(String name, Path to, List<Integer> users) {
        if (PretrainedBase.isBuiltin(name) && base == null) {
            return List.of("base:    " + name + " comes with Coterie; --base DIR writes it for transformers");
        }
        if (name.isEmpty()) {
            return List.of();
        }
        PeftLines lines = new PeftLines(base != null ? base.toString() : name);
        return all ? lines.of(to, users) : lines.of(to);
    }
}
