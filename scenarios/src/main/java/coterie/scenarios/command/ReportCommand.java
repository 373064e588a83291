package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.InputException;
import coterie.scenarios.report.Comparison;
import coterie.scenarios.report.Figures;
import coterie.scenarios.report.RunComparison;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.report.StudyPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie report}: writes the page of a run again, or a page that compares several runs. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Write the report of a run or a study again from its files, or one that compares several runs and"
                + " their baselines: what differs between their settings, results, and differences user by user.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "folders of runs that have ended, or one with the tables of a study")
    private List<Path> folders;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "file for the comparison of several runs (default: comparison.html)")
    private Path out;

    @Option(
            names = "--against",
            paramLabel = "DIR",
            description = "run with which the others are compared user by user (default: the first); a folder in"
                    + " baselines/ will do")
    private Path against;

    @Option(
            names = "--figures",
            paramLabel = "DIR",
            description = "also write each chart of the page into this folder, as an SVG and a PDF file for papers")
    private Path figures;

    @Override
    public Integer call() throws IOException {
        if (folders.size() == 1 && out == null && against == null && StudyPage.isStudy(folders.get(0))) {
            JsonNode data = StudyPage.read(folders.get(0));
            StudyPage.write(folders.get(0), data);
            System.out.println("report: " + folders.get(0).resolve("report.html"));
            draw(data);
            return 0;
        }
        for (Path f : folders) {
            if (!Files.exists(f.resolve("summary.json"))) {
                throw new InputException(f + " is not the folder of a run that has ended (no summary.json in it)");
            }
        }
        if (folders.size() == 1 && out == null && against == null) {
            if (!Files.exists(folders.get(0).resolve("users.json"))) {
                throw new InputException(folders.get(0) + " has no users.json: it was written by an earlier version");
            }
            ObjectNode data = RunPage.data(folders.get(0));
            RunPage.write(folders.get(0), data);
            System.out.println("report: " + folders.get(0).resolve("report.html"));
            draw(data);
            return 0;
        }
        Path file = out == null ? Path.of("comparison.html") : out;
        Path at = file.toAbsolutePath().getParent();
        List<Path> runs = RunComparison.withBaselines(folders);
        Comparison comparison = RunComparison.of(
                "Comparison of " + runs.size() + " runs", runs, against == null ? folders.get(0) : against);
        ObjectNode data = comparison.json(at);
        AtomicFiles.write(file, comparison.html(data));
        System.out.print(comparison.text());
        System.out.println("report: " + file);
        draw(data);
        return 0;
    }

    private void draw(JsonNode data) throws IOException {
        if (figures != null) {
            Figures.write(data, figures).forEach(f -> System.out.println("figure: " + f));
        }
    }
}
