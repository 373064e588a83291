package coterie.scenarios.run;

import coterie.model.files.AtomicFiles;
import coterie.model.files.Folders;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.Manifest;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Moves a run, or a folder that contains runs, and corrects the paths that it knows: the own folder in {@code run.json}
 * of runs whose checkpoints lie elsewhere, and the folders in the {@code runs.csv} of studies. Links between pages
 * below the folder are relative and stay right.
 */
public final class RunMove {
    private static final String TABLE = "runs.csv";
    /** A study's tables lie beside the folder of its runs. */
    private static final int DEPTH = 4;

    private final Path from;
    private final Path to;
    private final List<Path> runs;

    /**
     * Checks a move.
     *
     * @param to new name; a folder that exists and is not that of a run, to move into it
     * @param runs all runs at and below {@code from}, baselines included
     * @throws InputException if something may not be moved, or there is something at the new place
     */
    public RunMove(Path from, Path to, List<Path> runs) {
        this.from = from;
        this.runs = runs;
        if (!Files.isDirectory(from) || runs.isEmpty()) {
            throw new InputException(from + " is not the folder of a run, and contains none");
        }
        if (Files.isSymbolicLink(from)) {
            throw new InputException(from + " is a link; name the folder itself");
        }
        Path source = absolute(from);
        this.to = Files.isDirectory(to) && !RunFolder.isRun(to) ? to.resolve(source.getFileName()) : to;
        Path target = absolute(this.to);
        if (Files.exists(target)) {
            throw new InputException(this.to + " exists already; it is left as it is");
        }
        if (target.startsWith(source)) {
            throw new InputException(this.to + " lies in " + from + ": a folder cannot be moved into itself");
        }
        Path owner = runAbove(source);
        if (owner != null) {
            throw new InputException(
                    from + " is a part of the run " + owner + ", which looks for it there; move the whole run");
        }
        Path other = runAbove(target);
        if (other != null) {
            throw new InputException(this.to + " lies in the folder of the run " + other);
        }
    }

    private static Path absolute(Path p) {
        return p.toAbsolutePath().normalize();
    }

    private static Path runAbove(Path folder) {
        for (Path p = folder.getParent(); p != null; p = p.getParent()) {
            if (RunFolder.isRun(p) && Files.exists(p.resolve(RunOrigin.FILE))) {
                return p;
            }
        }
        return null;
    }

    /**
     * Moves the folder.
     *
     * @return its new place
     * @throws InputException if a run is in use, or a study looks for it where it is
     */
    public Path move() throws IOException {
        refuseOfStudy();
        List<FolderLock> locks = new ArrayList<>();
        try {
            for (Path run : runs) {
                locks.add(FolderLock.take(run));
            }
            rename();
            for (Path run : runs) {
                correctOrigin(to.resolve(from.relativize(run)));
            }
            correctTables();
        } finally {
            for (FolderLock lock : locks) {
                lock.close();
            }
        }
        return to;
    }

    /** A study finds its runs by the names of their folders. */
    private void refuseOfStudy() throws IOException {
        Path parent = absolute(from).getParent();
        if (!RunFolder.isRun(from) || parent == null || parent.getParent() == null || !parent.endsWith("runs")) {
            return;
        }
        String name = "/" + absolute(from).getFileName() + ",";
        for (Path table : tables(parent.getParent(), 2)) {
            if (Files.readString(table).contains(name)) {
                throw new InputException(from + " is a run of the study " + table.getParent()
                        + ", which looks for it there; move " + parent.getParent() + " as a whole, or pack the run");
            }
        }
    }

    private void rename() throws IOException {
        Path parent = absolute(to).getParent();
        try {
            Folders.create(parent);
            try {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                copyAndDelete(parent);
            }
        } catch (FileSystemException e) {
            throw new InputException(from + " cannot be moved to " + to + ": " + FileProblems.reason(e));
        }
        Folders.force(parent);
        Folders.force(absolute(from).getParent());
    }

    /** To another file system. What is there under the new name is whole, even if this is cut short. */
    private void copyAndDelete(Path parent) throws IOException {
        Path aside = FolderTree.aside(parent, to.getFileName().toString(), "move");
        try {
            FolderTree.copy(from, aside);
            Files.move(aside, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FolderTree.delete(aside);
        }
        FolderTree.delete(from);
    }

    /** Without this, a copy of the run that uses the same checkpoints would not be recognised. */
    private void correctOrigin(Path run) throws IOException {
        RunOrigin origin;
        try {
            origin = RunOrigin.read(run);
        } catch (InputException e) {
            // Damaged before, and so it stays.
            return;
        }
        if (origin != null && origin.checkpoints() != null) {
            origin.movedTo(run).write(run);
            Manifest.renew(run, RunOrigin.FILE);
        }
    }

    private void correctTables() throws IOException {
        for (Path table : tables(to, DEPTH)) {
            StringBuilder lines = new StringBuilder();
            for (String line : Files.readAllLines(table)) {
                lines.append(corrected(line)).append('\n');
            }
            AtomicFiles.write(table, lines.toString());
        }
    }

    private String corrected(String line) {
        int comma = line.indexOf(',');
        if (comma <= 0) {
            return line;
        }
        Path named = Path.of(line.substring(0, comma));
        if (!absolute(named).startsWith(absolute(from))) {
            return line;
        }
        Path inside = absolute(from).relativize(absolute(named));
        return (named.isAbsolute() ? absolute(to) : to).resolve(inside) + line.substring(comma);
    }

    private static List<Path> tables(Path folder, int depth) throws IOException {
        try (Stream<Path> all = Files.walk(folder, depth)) {
            return all.filter(p -> p.endsWith(TABLE) && Files.isRegularFile(p)).toList();
        }
    }
}
