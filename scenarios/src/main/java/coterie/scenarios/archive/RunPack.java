package coterie.scenarios.archive;

import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.FileHash;
import coterie.scenarios.results.HashCheck;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.ResultFiles;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.RunFolder;
import coterie.topology.files.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a run that has ended into one zip file: the files that its manifest names, the manifest, the report, and the
 * same of its baselines. Equal folders give equal files.
 */
public final class RunPack {
    /** Times of files would make equal runs differ. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

    private static final int BUFFER = 1 << 16;
    private static final String CHECKPOINTS = "checkpoints";

    private final Path folder;
    private final boolean checkpoints;
    /** Files by path in the run's folder; null for a hash that is not known yet. */
    private final Map<String, FileHash> files = new TreeMap<>();

    /**
     * Checks a run and lists its files.
     *
     * @param checkpoints whether those in the run's folder are packed too
     * @throws InputException if the run has not ended, or a file of it was changed or removed since
     */
    public RunPack(Path folder, boolean checkpoints) throws IOException {
        this.folder = folder;
        this.checkpoints = checkpoints;
        if (!RunFolder.isRun(folder)) {
            throw new InputException(folder + " is not the folder of a run (no scenario.yaml in it)");
        }
        add("");
        Path baselines = folder.resolve("baselines");
        if (Files.isDirectory(baselines)) {
            List<Path> all;
            try (Stream<Path> list = Files.list(baselines)) {
                all = list.filter(RunFolder::isRun).sorted().toList();
            }
            for (Path b : all) {
                add("baselines/" + b.getFileName() + "/");
            }
        }
    }

    private void add(String prefix) throws IOException {
        Path run = folder.resolve(prefix);
        if (FolderLock.isHeld(run)) {
            throw new InputException(run + " is in use: a run can be packed when it has ended");
        }
        HashCheck check = new HashCheck(run);
        Manifest manifest = Manifest.read(run);
        if (manifest == null || !Files.exists(run.resolve(ResultFiles.SUMMARY))) {
            throw new InputException(run + " has no " + Manifest.FILE + " and " + ResultFiles.SUMMARY
                    + ": it has not ended, or an earlier version wrote it, and cannot be checked");
        }
        check.summary(ResultJson.read(run.resolve(ResultFiles.SUMMARY)));
        if (check.found() > 0) {
            throw new InputException(
                    check.faults().stream().map(f -> run + "/" + f).toList());
        }
        manifest.files().forEach((path, hash) -> files.put(prefix + path, hash));
        files.put(prefix + Manifest.FILE, null);
        if (Files.isRegularFile(run.resolve(ResultFiles.REPORT))) {
            files.put(prefix + ResultFiles.REPORT, null);
        }
        if (checkpoints && Files.isDirectory(run.resolve(CHECKPOINTS))) {
            try (Stream<Path> list = Files.list(run.resolve(CHECKPOINTS))) {
                list.filter(p -> Files.isRegularFile(p) && p.toString().endsWith(".checkpoint"))
                        .forEach(p -> files.put(prefix + CHECKPOINTS + "/" + p.getFileName(), null));
            }
        }
    }

    /** Number of files. */
    public int files() {
        return files.size();
    }

    /**
     * Writes the packed run. The file is complete or does not exist.
     *
     * @throws InputException if a file changes meanwhile
     */
    public void write(Path to) throws IOException {
        AtomicFiles.write(to, this::writeTo);
    }

    private void writeTo(OutputStream out) throws IOException {
        Map<String, FileHash> written = new TreeMap<>();
        // The caller's stream is flushed and forced to disk after this.
        try (ZipOutputStream zip = new ZipOutputStream(new Open(out))) {
            for (Map.Entry<String, FileHash> e : files.entrySet()) {
                FileHash hash = entry(zip, e.getKey());
                if (e.getValue() != null && !e.getValue().equals(hash)) {
                    throw new InputException(folder.resolve(e.getKey()) + " changed while it was packed");
                }
                written.put(e.getKey(), hash);
            }
            String name = folder.toAbsolutePath().normalize().getFileName().toString();
            zip.putNextEntry(named(PackIndex.ENTRY));
            zip.write(new PackIndex(name, written).json().getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
    }

    private static ZipEntry named(String path) {
        ZipEntry entry = new ZipEntry(path);
        entry.setTimeLocal(TIME);
        return entry;
    }

    private FileHash entry(ZipOutputStream zip, String path) throws IOException {
        zip.putNextEntry(named(path));
        MessageDigest sha = Sha256.digest();
        long bytes = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(folder.resolve(path))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                zip.write(buffer, 0, n);
                sha.update(buffer, 0, n);
                bytes += n;
            }
        }
        zip.closeEntry();
        return new FileHash(bytes, Sha256.hex(sha));
    }

    /** A stream that stays open when the one around it is closed. */
    private static final class Open extends FilterOutputStream {
        Open(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] b, int from, int length) throws IOException {
            out.write(b, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
