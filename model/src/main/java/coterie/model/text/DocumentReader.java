package coterie.model.text;

import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Splits files of plain text into documents. {@code *.lines.txt} has one document per line; in other files lines with
 * {@code <|endoftext|>} separate documents.
 */
final class DocumentReader {
    private final DocumentChecks checks;
    private final long longest = DocumentChecks.longest();

    DocumentReader(DocumentChecks checks) {
        this.checks = checks;
    }

    /**
     * Reads a file.
     *
     * @param document receives each document and returns whether it is kept, so that it counts as held in memory
     * @throws DataException if the file is not UTF-8 text, or more is kept than fits into memory
     */
    void read(Path file, Predicate<String> document) {
        try (BufferedReader in = new BufferedReader(new ShortLines(PlainText.open(file), longest))) {
            read(file, in, document);
        } catch (IOException e) {
            throw new DataException(file + ": " + PlainText.why(e), e);
        }
    }

    private void read(Path file, BufferedReader in, Predicate<String> document) throws IOException {
        DocumentChecks.OneFile checked = checks.file(file);
        boolean lines = TextNames.unzipped(file.getFileName().toString()).endsWith(".lines.txt");
        StringBuilder text = new StringBuilder();
        long number = 0;
        long within = 0;
        long firstWithin = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            boolean end = line.contains(ByteLevel.END_OF_TEXT);
            boolean ends = end && DocumentChecks.stripped(line).equals(ByteLevel.END_OF_TEXT);
            if (end && !ends) {
                firstWithin = within++ == 0 ? number : firstWithin;
            }
            if (ends || lines) {
                checked.add(ends ? text.toString() : line, document);
                text.setLength(0);
            } else {
                text.append(line).append('\n');
                if (text.length() > longest) {
                    throw ShortLines.tooLong(longest);
                }
            }
        }
        checked.add(text.toString(), document);
        if (within > 0) {
            checks.note(file + ": " + ByteLevel.END_OF_TEXT + " stands beside other text in "
                    + DocumentChecks.count(within, "line") + ", first in line " + firstWithin
                    + ", and is read as a space there: only a line of its own separates documents");
        }
        checked.end();
    }
}
