package coterie.scenarios.run;

import coterie.model.files.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders, links in them as links. */
public final class FolderTree {
    private FolderTree() {}

    /**
     * Makes an empty folder beside the place that its content will have. Its name begins with a dot, so that no command
     * takes it for a run. Folders that killed processes have left for the same place and purpose are deleted.
     *
     * @param name that the content will have
     * @param purpose part of the folder's name
     */
    public static Path aside(Path parent, String name, String purpose) throws IOException {
        String prefix = "." + name + "." + purpose + "-";
        List<Path> left;
        try (Stream<Path> list = Files.list(parent)) {
            left = list.filter(p -> p.getFileName().toString().startsWith(prefix)
                            && Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)
                            && !FolderLock.isHeld(p))
                    .toList();
        }
        for (Path p : left) {
            delete(p);
        }
        return Files.createTempDirectory(parent, prefix);
    }

    /** Deletes a folder and all in it; does nothing if there is none. */
    public static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path at, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(at);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Copies the content of a folder into an empty one, and forces it to disk. */
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(at)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(file));
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isRegularFile()) {
                    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path at, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Folders.force(to.resolve(from.relativize(at)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
