package coterie.scenarios.run;

/**
 * Something that is done to a disk. Files have numbers, which they keep when they are renamed; names are relative to
 * the root.
 */
sealed interface DiskStep {
    record MakeFolder(String name) implements DiskStep {}

    record Create(String name, int file) implements DiskStep {}

    /** A file that was there before turns up. */
    record Found(String name, int file) implements DiskStep {}

    record Write(int file, long at, byte[] bytes) implements DiskStep {
        /** Its first half: a process may be killed within a write. */
        Write half() {
            return new Write(file, at, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }

        @Override
        public String toString() {
            return "Write[file=" + file + ", at=" + at + ", bytes=" + bytes.length + "]";
        }
    }

    record Cut(int file, long length) implements DiskStep {}

    record Force(int file) implements DiskStep {}

    record ForceFolder(String name) implements DiskStep {}

    record Rename(String from, String to) implements DiskStep {}

    record Remove(String name) implements DiskStep {}
}
