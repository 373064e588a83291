package coterie.scenarios.command;

import com.fasterxml.jackson.databind.node.TextNode;
import coterie.model.adapter.PeftFiles;
import coterie.model.files.ForeignText;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie export}: a user's adapter in the format of Hugging Face's PEFT. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Copy a user's adapter out of a run, in the format of Hugging Face's PEFT.")
final class ExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the run")
    private Path run;

    @Option(names = "--user", required = true, paramLabel = "N", description = "number of the user")
    private int user;

    @Option(names = "--out", paramLabel = "DIR", description = "new folder for the adapter (default: adapter-user-N)")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path adapter = run.resolve("adapters").resolve("user-" + user);
        if (Files.isDirectory(run.resolve("models"))) {
            throw new InputException(run + ": its users have no adapters; their models are in " + run.resolve("models")
                    + ", a file each: user-N.json");
        }
        if (!Files.isDirectory(run.resolve("adapters"))) {
            throw new InputException(run + " is not the folder of a run that has ended (no adapters in it)");
        }
        if (!Files.isDirectory(adapter)) {
            try (Stream<Path> all = Files.list(run.resolve("adapters"))) {
                throw new InputException(
                        "--user " + user + ": the run has " + all.count() + " users with adapters, from 0");
            }
        }
        Path to = out != null ? out : Path.of("adapter-user-" + user);
        try {
            if (to.toAbsolutePath().getParent() != null) {
                Files.createDirectories(to.toAbsolutePath().getParent());
            }
            Files.createDirectory(to);
        } catch (FileAlreadyExistsException e) {
            throw new InputException(to + " is there already; name another folder with --out");
        }
        try (Stream<Path> files = Files.list(adapter)) {
            for (Path f : files.toList()) {
                Files.copy(f, to.resolve(f.getFileName()));
            }
        }
        System.out.println("adapter of user " + user + ": " + to);
        loading(to).forEach(System.out::println);
        return 0;
    }

    /** How Python and lm-eval load the adapter with its base; nothing for a base that is only here. */
    private static List<String> loading(Path adapter) throws IOException {
        String name = ForeignText.json(adapter.resolve(PeftFiles.CONFIG))
                .path("base_model_name_or_path")
                .asText();
        if (name.isEmpty() || name.startsWith("builtin:")) {
            return List.of();
        }
        Path file = name.endsWith(".gguf") ? Path.of(name).toAbsolutePath() : null;
        String base = file == null ? name : file.getParent().toString();
        String python =
                file == null ? "" : ", gguf_file=" + quoted(file.getFileName().toString());
        String evaluation = file == null ? "" : ",gguf_file=" + file.getFileName();
        return List.of(
                "python:  model = peft.PeftModel.from_pretrained(transformers.AutoModelForCausalLM.from_pretrained("
                        + quoted(base) + python + "), " + quoted(adapter.toString()) + ")",
                "lm-eval: lm_eval --model hf --model_args pretrained=" + base + evaluation + ",peft=" + adapter
                        + " --tasks wikitext");
    }

    /** As a text of Python. */
    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
