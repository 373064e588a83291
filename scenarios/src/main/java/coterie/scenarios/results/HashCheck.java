package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the files of a run with the hashes that it wrote: {@link Manifest} and {@link RecordHashes}. Files that
 * neither names are ignored, and nothing outside of the run's folder is read.
 */
public final class HashCheck {
    /** Faults that are listed; further ones are only counted. */
    private static final int MOST_TOLD = 20;

    private static final int SHOWN_DIGITS = 12;
    private final Path folder;
    private final Manifest manifest;
    private final Map<String, FileHash> read = new HashMap<>();
    private final Set<String> faulty = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private int found;
    private boolean records;

    /**
     * Checks every file that the manifest names, if there is one.
     *
     * @throws InputException if the manifest is damaged
     */
    public HashCheck(Path folder) {
        this.folder = folder;
        manifest = Manifest.read(folder);
        if (manifest != null) {
            manifest.files().forEach(this::file);
        }
    }

    /**
     * Checks the hashes of records in the summary, if there are any.
     *
     * @throws InputException if they are damaged
     */
    public void summary(ObjectNode summary) {
        RecordHashes.Said said = RecordHashes.read(summary, folder.resolve(ResultFiles.SUMMARY));
        if (said == null) {
            return;
        }
        records = true;
        for (String name : ResultFiles.RECORDS) {
            String file = ResultFiles.lines(name);
            if (said.sha256().containsKey(name)) {
                record(file, said.sha256().get(name));
            } else if (Files.exists(folder.resolve(file))) {
                fault(file, "is there, but " + ResultFiles.SUMMARY + " does not know it");
            }
        }
        if (!said.follows()) {
            fault(ResultFiles.SUMMARY, "records_hash is not that of trace_hash and records: one of them was changed");
        }
        if (manifest != null && !manifest.traceHash().equals(said.traceHash())) {
            fault(Manifest.FILE, "trace_hash is not that of " + ResultFiles.SUMMARY);
        }
        if (manifest != null && !manifest.recordsHash().equals(said.chained())) {
            fault(Manifest.FILE, "records_hash is not that of " + ResultFiles.SUMMARY);
        }
    }

    private void file(String path, FileHash said) {
        Path real = real(path);
        if (real == null) {
            return;
        }
        try {
            long bytes = Files.size(real);
            if (bytes != said.bytes()) {
                fault(path, "has " + bytes + " bytes, and had " + said.bytes() + " when the run wrote it");
            } else {
                same(path, real, said.sha256(), Manifest.FILE);
            }
        } catch (IOException e) {
            unreadable(path, e);
        }
    }

    private void record(String file, String sha256) {
        // A file that differs from the manifest is reported once.
        Path real = faulty.contains(file) ? null : real(file);
        if (real != null) {
            try {
                same(file, real, sha256, ResultFiles.SUMMARY);
            } catch (IOException e) {
                unreadable(file, e);
            }
        }
    }

    private void same(String path, Path real, String sha256, String by) throws IOException {
        FileHash is = read.get(path);
        if (is == null) {
            is = FileHash.of(real);
            read.put(path, is);
        }
        if (!is.sha256().equals(sha256)) {
            fault(
                    path,
                    "was changed: its SHA-256 is " + is.sha256().substring(0, SHOWN_DIGITS) + "…, and "
                            + sha256.substring(0, SHOWN_DIGITS) + "… in " + by);
        }
    }

    /** The file itself, if it is one in the folder; otherwise null, and the fault is noted. */
    private Path real(String path) {
        try {
            Path real = folder.resolve(path).toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                fault(path, "is a link that leads out of the folder; what it leads to was not read");
            } else if (!Files.isRegularFile(real)) {
                fault(path, "is not a file");
            } else {
                return real;
            }
        } catch (NoSuchFileException e) {
            fault(
                    path,
                    path.equals(ResultFiles.SUMMARY)
                            ? "is missing: it was removed, or the run was killed just before it was written"
                            : "is missing");
        } catch (IOException e) {
            unreadable(path, e);
        }
        return null;
    }

    private void unreadable(String path, IOException e) {
        fault(
                path,
                "cannot be read: "
                        + (e instanceof FileSystemException f ? FileProblems.reason(f) : FileProblems.tell(e)));
    }

    private void fault(String path, String what) {
        faulty.add(path);
        found++;
        if (faults.size() < MOST_TOLD) {
            faults.add(path + ": " + what);
        }
    }

    /** How many faults were found. */
    public int found() {
        return found;
    }

    /** Descriptions of the first faults. */
    public List<String> faults() {
        return faults;
    }

    /** How many files the manifest names; 0 if there is none. */
    public int files() {
        return manifest == null ? 0 : manifest.files().size();
    }

    /** Which checks were impossible because the run did not write hashes; empty if all were done. */
    public String unchecked() {
        if (manifest != null) {
            return "";
        }
        return records
                ? "there is no " + Manifest.FILE + ": of hashes only those of the records were checked"
                : "there is no " + Manifest.FILE + ": hashes were not checked";
    }
}
