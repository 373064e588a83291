package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables with a column of text, as Hugging Face's libraries, pandas and spreadsheets write them. */
class TextTableTest {
    @TempDir
    private Path folder;

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void linesOfJsonHaveTheirCategoriesInAColumn() throws IOException {
        Path file = write("train.jsonl", """
                {"id": 1, "text": "un", "category": "fr"}

                {"id": 2, "text": "eins", "category": " de "}\r
                {"id": 3, "text": "deux\\nlignes", "category": "fr", "meta": {"a": [1, {"text": "not this"}]}}
                """);
        TextFiles files = new TextFiles(file);
        assertThat(files.categories()).containsExactly("de", "fr");
        assertThat(files.documents("fr")).containsExactly("un", "deux\nlignes");
        assertThat(files.documents("de")).containsExactly("eins");
        assertThat(files.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fr.json   | [{\"text\": \"un\"}, {\"text\": \"deux\"}]",
                "fr.json   | {\"text\": \"un\"}\\n{\"text\": \"deux\"}",
                "fr.jsonl  | \\ufeff [\\n{\"text\": \"un\"},\\n{\"text\": \"deux\"}\\n]\\n",
                "fr.ndjson | {\"text\": \"un\"}\\n{\"text\": \"deux\"}",
                "fr.JSON   | [{\"text\": \"un\", \"x\": null}, {\"x\": 1e5, \"text\": \"deux\"}]",
                "fr.csv    | text\\nun\\ndeux\\n",
                "fr.csv    | \\ufeff,text\\n0,un\\n1,deux\\n",
                "fr.csv    | n, text \\n0,\"un\"\\n\\n1,\"deux\"\\n"
            })
    void withoutAColumnTheNameOfTheFileIsTheCategory(String name, String content) throws IOException {
        write(name, content.replace("\\n", "\n").replace("\\ufeff", "\ufeff"));
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("fr");
        assertThat(files.documents("fr")).containsExactly("un", "deux");
        assertThat(files.notes()).isEmpty();
    }

    @Test
    void aGzippedTableIsRead() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("fr.jsonl.gz")))) {
            out.write("{\"text\": \"un\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new TextFiles(folder).documents("fr")).containsExactly("un");
    }

    @Test
    void quotedFieldsMaySpanLines() throws IOException {
        write("a.csv", "category,text\nfr,\"un, \"\"deux\"\"\ntrois\"\nde,eins\n");
        TextFiles files = new TextFiles(folder);
        assertThat(files.documents("fr")).containsExactly("un, \"deux\"\ntrois");
        assertThat(files.documents("de")).containsExactly("eins");
    }

    @Test
    void aColumnOfUsersGivesTheCategoriesIfThereIsNoOther() throws IOException {
        Path file = write("posts.jsonl", "{\"text\": \"a\", \"user\": 7}\n{\"text\": \"b\", \"user\": 12}\n");
        TextFiles files = new TextFiles(file);
        assertThat(files.categories()).containsExactly("12", "7");
        assertThat(files.notes())
                .containsExactly(file + ": has no column \"category\"; each value of \"user\" is a category");
        write("posts.jsonl", "{\"text\": \"a\", \"user\": 7, \"category\": \"x\"}\n");
        assertThat(new TextFiles(file).categories()).containsExactly("x");
        assertThat(new TextFiles(file).notes()).isEmpty();
    }

    @Test
    void columnsMayHaveOtherNames() throws IOException {
        Path file = write("a.csv", "content,label,category\nun,0,x\neins,1,x\n");
        TextFiles files = new TextFiles(file, "content", "label");
        assertThat(files.categories()).containsExactly("0", "1");
        assertThat(files.documents("1")).containsExactly("eins");
        assertThatThrownBy(() -> new TextFiles(file, "content", "topic"))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":2: has no column \"topic\" (data.category), found category, content, label");
    }

    @Test
    void tablesAndPlainTextMayShareACategory() throws IOException {
        write("b.jsonl", "{\"text\": \"deux\", \"category\": \"fr\"}\n{\"text\": \"eins\", \"category\": \"de\"}\n");
        write("fr/a.txt", "trois");
        write("a/x.csv", "text,category\nun,fr\n");
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("de", "fr");
        assertThat(files.documents("fr")).containsExactly("un", "deux", "trois");
        assertThat(TextFiles.files(folder))
                .containsExactly(folder.resolve("a/x.csv"), folder.resolve("b.jsonl"), folder.resolve("fr/a.txt"));
    }

    @Test
    void partsOfOneTableAreOneCategory() throws IOException {
        write("train-00001-of-00002.jsonl", "{\"text\": \"zwei\"}\n");
        write("train-00000-of-00002.jsonl", "{\"text\": \"eins\"}\n");
        write("dataset_infos.json", "{\"default\": {\"description\": \"\"}}\n");
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("train");
        assertThat(files.documents("train")).containsExactly("eins", "zwei");
        assertThat(files.notes()).singleElement().asString().contains("skipped", "dataset_infos.json");
    }

    @Test
    void rowsWithoutTextAreCountedAndDamageIsTold() throws IOException {
        Path file = write("a.csv", "id,text\n1,un\n2,\n3,  \n4,a<|endoftext|>b\n5,M\ufffdnchen\n");
        TextFiles files = new TextFiles(file);
        assertThat(files.documents("a")).containsExactly("un", "a<|endoftext|>b", "M\ufffdnchen");
        assertThat(files.notes())
                .containsExactlyInAnyOrder(
                        file + ": 2 rows without text and no document, first a.csv:3",
                        file + ": <|endoftext|> stands in the text of 1 row, first a.csv:5, and is read as a space: a"
                                + " row is one document",
                        file + ": holds U+FFFD 1 time, the replacement for characters that another program could not"
                                + " decode");
        Path none = write("none.csv", "text\n\"\"\n");
        assertThatThrownBy(() -> new TextFiles(none)).hasMessageContaining("its tables have no row with text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.jsonl | {\"text\": \"a\"}\\n{\"text\": | :2: is not valid JSON: | it ends in the middle",
                "a.jsonl | {\"text\": \"a\"}\\ntext | :2: is not valid JSON | found text",
                "a.jsonl | {\"text\": \"a\"} {\"text\": \"b\"} | :1: something stands behind the object | per line",
                "a.jsonl | \"a\" | :1: must be a JSON object, found \"a\" | a JSON object per line",
                "a.jsonl | {\"text\": 5} | :1: \"text\" must be a string, found 5 | a.jsonl",
                "a.jsonl | {\"text\": \"a\"}\\n\\n{\"text\": null} |"
                        + " :3: \"text\" must be a string, found null | a.jsonl",
                "a.jsonl | {\"text\": [\"a\"]} | :1: \"text\" must be a string, found a list | a.jsonl",
                "a.jsonl | {\"text\": {\"a\": 1}} | :1: \"text\" must be a string, found an object | a.jsonl",
                "a.jsonl | {\"content\": \"a\", \"id\": 1} |"
                        + " :1: has no column \"text\", found content, id | data.column",
                "a.jsonl | {} | :1: has no column \"text\", found none | data.column",
                "a.jsonl | {\"text\": \"a\", \"text\": \"b\"} | :1: is not valid JSON | Duplicate field 'text'",
                "a.jsonl | {\"text\": \"a\\u0000\"} |"
                        + " :1: \"text\" must be text, found \\u0000 at character 1 | a.jsonl",
                "a.jsonl | {\"text\": \"\\ud800 a\"} |"
                        + " :1: \"text\" must be text, found \\ud800 at character 0 | a.jsonl",
                "a.jsonl | {\"text\": \"a\", \"category\": 1.5} | \"category\" must be a string or an integer | 1.5",
                "a.jsonl | {\"text\": \"a\", \"category\": null} | \"category\" must be a string or an integer | null",
                "a.jsonl | {\"text\": \"a\", \"category\": \" \"} | \"category\" must name a category | nothing",
                "a.jsonl | {\"text\": \"a\", \"category\": \"c\"}\\n{\"text\": \"b\"} |"
                        + " :2: its category is | same columns",
                "a.jsonl | {\"text\": \"a\"}\\n{\"text\": \"b\", \"category\": \"c\"} |"
                        + " :2: its category is | file's name",
                "a.json | [{\"text\": \"a\"},\\n {\"text\": ] | a.json:2: is not valid JSON: | after row 2",
                "a.json | [{\"text\": \"a\"} | is not valid JSON: | it ends in the middle",
                "a.json | [{\"text\": \"a\"}, 5] | : row 2: must be a JSON object, found 5 | list of objects",
                "a.json | [{\"text\": \"a\"}, {\"text\": true}] |"
                        + " : row 2: \"text\" must be a string, found true | a.json",
                "a.json | [{\"text\": \"a\"}]\\n[] | a.json:2: something stands behind the list | list of objects",
                "a.json | {\\n \"text\": \"a\"\\n} | a.json:1: is not valid JSON | list of objects",
                "a.csv | n,text\\n1,a\\n2,b,c | a.csv:3: must have 2 fields | found 3: 2,b,c",
                "a.csv | n;text\\n1;a | a.csv:2: has no column \"text\", found n;text | data.column",
                "a.csv | text,text\\na,b | a.csv:1: two columns are named \"text\" | must differ",
                "a.csv | text\\n\"a | a.csv:2: a quotation mark in this row is never closed | a.csv",
                "a.csv | `` | a.csv: must have a row of column names | found no row"
            })
    void whatIsNotATableOfTextIsRefusedWithItsPlace(String name, String content, String place, String found)
            throws IOException {
        Path file = write(name, content.replace("\\n", "\n"));
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(place)
                .hasMessageContaining(found);
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        Path file = write("a.jsonl", "");
        Files.write(file, "{\"text\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a.jsonl: byte 13");
    }

    @Test
    void someDocumentsAreThoseOfAllAtTheirPositions() throws IOException {
        StringBuilder table = new StringBuilder("text,category\n");
        StringBuilder lines = new StringBuilder();
        Random random = new Random(4);
        for (int k = 0; k < 300; k++) {
            table.append("row ")
                    .append(k)
                    .append(",c")
                    .append(random.nextInt(3))
                    .append('\n');
            lines.append("line ").append(k).append('\n');
        }
        write("a.csv", table.toString());
        write("c1.lines.txt", lines.toString());
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("c0", "c1", "c2");
        List<List<String>> all = new ArrayList<>();
        files.documents(3, null).forEach(i -> all.add(listed(i)));
        assertThat(all.get(1)).hasSizeGreaterThan(300).isEqualTo(listed(files.documents("c1", 3)));
        BitSet some = new BitSet();
        some.set(2, 50);
        some.set(390);
        some.set(5000);
        List<Iterator<String>> picked = files.documents(3, List.of(new BitSet(), some, some));
        assertThat(picked.get(0)).isExhausted();
        assertThat(listed(picked.get(1))).isEqualTo(at(all.get(1), some));
        assertThat(listed(picked.get(2))).isEqualTo(at(all.get(2), some));
        assertThat(listed(files.documents("c1", 3, some))).isEqualTo(at(all.get(1), some));
    }

    private static List<String> listed(Iterator<String> documents) {
        List<String> all = new ArrayList<>();
        documents.forEachRemaining(all::add);
        return all;
    }

    private static List<String> at(List<String> all, BitSet positions) {
        return positions.stream().filter(k -> k < all.size()).mapToObj(all::get).toList();
    }
}
