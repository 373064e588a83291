package coterie.model.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A folder of text with one file or sub-folder a category, plain or gzipped.
 *
 * <p>The category is the name up to its first dot. {@code *.lines.txt} holds a document a line, {@code *.docs.txt} documents parted by a line
 * {@code <|endoftext|>}; any other text file is one document. Files named README, LICENSE or NOTICE, and hidden ones, are passed over.
 */
public final class TextFiles implements TextSource {
    private final Map<String, List<Path>> files = new TreeMap<>();

    /** @throws DataException where the folder is none or has no text */
    public TextFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + " is no folder");
        }
        try {
            for (Path p : sorted(folder)) {
                String category = p.getFileName().toString().split("\\.", 2)[0];
                if (Files.isDirectory(p)) {
                    collect(p, category);
                } else if (isText(p)) {
                    files.computeIfAbsent(category, k -> new ArrayList<>()).add(p);
                }
            }
        } catch (IOException e) {
            throw new DataException("cannot list " + folder + ": " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            throw new DataException(folder + " holds no text: expected a file or a sub-folder for each category");
        }
    }

    private void collect(Path folder, String category) throws IOException {
        for (Path p : sorted(folder)) {
            if (Files.isDirectory(p)) {
                collect(p, category);
            } else if (isText(p)) {
                files.computeIfAbsent(category, k -> new ArrayList<>()).add(p);
            }
        }
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(p -> !p.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    private static boolean isText(Path p) {
        String name = p.getFileName().toString();
        return Files.isRegularFile(p) && !name.startsWith("README") && !name.startsWith("LICENSE") && !name.startsWith("NOTICE");
    }

    @Override
    public List<String> categories() {
        return List.copyOf(files.keySet());
    }

    @Override
    public Iterator<String> documents(String category, long seed) {
        return TextSource.shuffled(documents(category), seed, categories().indexOf(category));
    }

    /** A category's documents as they stand in its files, those by name. @throws DataException where they cannot be read */
    public List<String> documents(String category) {
        List<String> documents = new ArrayList<>();
        for (Path p : files.getOrDefault(category, List.of())) {
            try {
                read(p, documents::add);
            } catch (IOException e) {
                throw new DataException("cannot read " + p + ": " + e.getMessage(), e);
            }
        }
        return documents;
    }

    private static void read(Path file, Consumer<String> document) throws IOException {
        String name = file.getFileName().toString();
        boolean zipped = name.endsWith(".gz");
        String plain = zipped ? name.substring(0, name.length() - 3) : name;
        try (InputStream raw = Files.newInputStream(file);
                BufferedReader in = new BufferedReader(new InputStreamReader(zipped ? new GZIPInputStream(raw, 1 << 16) : raw, StandardCharsets.UTF_8))) {
            boolean lines = plain.endsWith(".lines.txt");
            boolean many = plain.endsWith(".docs.txt");
            StringBuilder text = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (lines) {
                    add(line, document);
                } else if (many && line.equals(ByteLevel.END_OF_TEXT)) {
                    add(text.toString(), document);
                    text.setLength(0);
                } else {
                    text.append(line).append('\n');
                }
            }
            add(text.toString(), document);
        }
    }

    private static void add(String text, Consumer<String> document) {
        String stripped = text.strip();
        if (!stripped.isEmpty()) {
            document.accept(stripped);
        }
    }
}
