package coterie.scenarios.archive;

import coterie.model.files.Folders;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.FileHash;
import coterie.scenarios.results.HashCheck;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.ResultFiles;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.FolderTree;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunRemoval;
import coterie.topology.files.FileProblems;
import coterie.topology.files.Sha256;
import coterie.topology.files.Shown;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unpacks a packed run. All is written into a hidden folder beside the target and checked there; then the folder gets
 * its name. A process that is killed meanwhile leaves only the hidden folder, which the next one deletes.
 */
public final class RunUnpack implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST = 120;
    private static final int LONGEST_INDEX = 64 << 20;

    private final Path file;
    private final ZipFile zip;
    private final PackIndex index;

    /**
     * Opens a packed run.
     *
     * @throws InputException if it is none, or names files that it does not hold, holds files that it does not name, or
     *     has paths that leave the folder
     */
    public RunUnpack(Path file) throws IOException {
        this.file = file;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new InputException(file + " is not a packed run: " + e.getMessage());
        } catch (FileSystemException e) {
            throw new InputException(file + ": " + FileProblems.reason(e));
        }
        boolean opened = false;
        try {
            index = index();
            entries();
            opened = true;
        } finally {
            if (!opened) {
                zip.close();
            }
        }
    }

    private PackIndex index() throws IOException {
        ZipEntry entry = zip.getEntry(PackIndex.ENTRY);
        if (entry == null) {
            throw new InputException(file + " is not a packed run: there is no " + PackIndex.ENTRY + " in it");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] text = in.readNBytes(LONGEST_INDEX);
            if (in.read() >= 0) {
                throw new InputException(file + ": " + PackIndex.ENTRY + " is longer than any run's");
            }
            return PackIndex.read(text, file + ": " + PackIndex.ENTRY);
        } catch (ZipException | EOFException e) {
            throw changed(PackIndex.ENTRY, "is damaged");
        }
    }

    private void entries() {
        Set<String> held = new HashSet<>();
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            String path = all.nextElement().getName();
            if (!path.equals(PackIndex.ENTRY) && !index.files().containsKey(path)) {
                throw changed(path, "does not belong to the run: " + PackIndex.ENTRY + " does not name it");
            }
            if (!held.add(path)) {
                throw changed(path, "is there twice");
            }
        }
        for (String path : index.files().keySet()) {
            if (!held.contains(path)) {
                throw changed(path, "is missing");
            }
        }
        for (String path : new String[] {"scenario.yaml", ResultFiles.SUMMARY, Manifest.FILE}) {
            if (!index.files().containsKey(path)) {
                throw changed(path, "is missing, and every run has it");
            }
        }
    }

    private InputException changed(String path, String what) {
        return new InputException(file + ": " + Shown.of(path, LONGEST) + " " + what);
    }

    /** Name of the folder that was packed. */
    public String name() {
        return index.name();
    }

    /** Number of files. */
    public int files() {
        return index.files().size();
    }

    /**
     * Unpacks the run.
     *
     * @param overwrite whether a run that is there is replaced
     * @throws InputException if a file is not as it was packed, or as the run wrote it; or there is something at the
     *     target that may not be replaced. The target is then as it was before
     */
    public void to(Path target, boolean overwrite) throws IOException {
        if (Files.exists(target)) {
            if (!overwrite) {
                throw new InputException(
                        target + " exists already: name another folder with --out, or replace it with --overwrite");
            }
            RunRemoval.check(target);
        }
        Path parent = target.toAbsolutePath().normalize().getParent();
        try {
            Folders.create(parent);
        } catch (FileSystemException e) {
            throw new InputException("there can be no folder " + target + " here: " + FileProblems.reason(e));
        }
        String name = target.toAbsolutePath().normalize().getFileName().toString();
        Path aside = FolderTree.aside(parent, name, "unpack");
        try {
            FolderLock lock = FolderLock.take(aside);
            try {
                extract(aside);
                check(aside);
            } finally {
                lock.close();
            }
            if (Files.exists(target)) {
                replace(target, parent, name, aside);
            } else {
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            }
            Folders.force(parent);
        } finally {
            FolderTree.delete(aside);
        }
    }

    /** The old run is whole until the new one is, and is deleted under a name of its own. */
    private static void replace(Path target, Path parent, String name, Path aside) throws IOException {
        Path old = FolderTree.aside(parent, name, "replaced").resolve(name);
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        Folders.force(parent);
        RunRemoval.delete(old);
        Files.delete(old.getParent());
    }

    private void extract(Path folder) throws IOException {
        for (Map.Entry<String, FileHash> e : index.files().entrySet()) {
            Path to = folder.resolve(e.getKey()).normalize();
            if (!to.startsWith(folder)) {
                throw changed(e.getKey(), "leads out of the folder");
            }
            Files.createDirectories(to.getParent());
            try (InputStream in = zip.getInputStream(zip.getEntry(e.getKey()))) {
                copy(in, to, e.getKey(), e.getValue());
            } catch (ZipException | EOFException z) {
                throw changed(e.getKey(), "is damaged: " + z.getMessage());
            }
        }
    }

    private void copy(InputStream in, Path to, String path, FileHash wanted) throws IOException {
        MessageDigest sha = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
                if (bytes > wanted.bytes()) {
                    // Before a few bytes that say they are many fill the disk.
                    throw changed(path, "was changed: it is longer than " + wanted.bytes() + " bytes");
                }
                sha.update(buffer, 0, n);
                ByteBuffer left = ByteBuffer.wrap(buffer, 0, n);
                while (left.hasRemaining()) {
                    out.write(left);
                }
            }
            out.force(true);
        }
        if (bytes != wanted.bytes() || !Sha256.hex(sha).equals(wanted.sha256())) {
            throw changed(path, "was changed: its SHA-256 is not that of " + PackIndex.ENTRY);
        }
    }

    /** What the runs themselves say of their files: the index could have been written again. */
    private void check(Path folder) throws IOException {
        for (String path : index.files().keySet()) {
            if (path.endsWith("scenario.yaml")) {
                String prefix = path.substring(0, path.length() - "scenario.yaml".length());
                Path run = folder.resolve(prefix);
                if (!RunFolder.isRun(run)) {
                    continue;
                }
                HashCheck check;
                try {
                    check = new HashCheck(run);
                    check.summary(ResultJson.read(run.resolve(ResultFiles.SUMMARY)));
                } catch (InputException e) {
                    throw new InputException(e.mistakes().stream()
                            .map(m -> file + ": " + m.replace(folder + "/", ""))
                            .toList());
                }
                if (check.files() == 0) {
                    throw changed(prefix + Manifest.FILE, "is missing, and every packed run has it");
                }
                if (check.found() > 0) {
                    throw new InputException(check.faults().stream()
                            .map(f -> file + ": " + prefix + f)
                            .toList());
                }
            }
        }
        Folders.force(folder);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
