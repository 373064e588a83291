package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AG News in the editions that are about. */
class AgNewsTest {
    private static final String TWO = "\"3\",\"Oil, again\",\"Prices \"\"rise\"\".\"\n\"2\",\"Cup\",\"Won.\"\n";

    @TempDir
    private Path folder;

    private AgNews read(String content) throws IOException {
        return new AgNews(Files.writeString(folder.resolve("train.csv"), content));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String content) {
        return assertThatThrownBy(() -> read(content))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv");
    }

    private static List<String> documents(AgNews news, String category) {
        List<String> all = new ArrayList<>();
        for (Iterator<String> i = news.documents(category, 1); i.hasNext(); ) {
            all.add(i.next());
        }
        return all;
    }

    private static void hasBoth(AgNews news) {
        assertThat(documents(news, "business")).containsExactly("Oil, again Prices \"rise\".");
        assertThat(documents(news, "sports")).containsExactly("Cup Won.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Class Index,Title,Description\n",
                "\ufeffClass Index,Title,Description\r\n",
                "\"class index\",\"TITLE\",\"description\"\n",
                "label,title,text\n",
                "class_index,title,description\n\n"
            })
    void aHeaderIsPassedOverAndSaid(String header) throws IOException {
        AgNews news = read(header + TWO);
        hasBoth(news);
        assertThat(news.notes()).hasSize(1).first().asString().contains("its first row is taken for a header");
    }

    @Test
    void blankLinesLineEndsMarksAndQuotesAreNoMatter() throws IOException {
        hasBoth(read(TWO));
        assertThat(read(TWO).notes()).isEmpty();
        hasBoth(read("\ufeff\r\n\r\n" + TWO.replace("\n", "\r\n\r\n  \r\n")));
        hasBoth(read("3,\"Oil, again\",\"Prices \"\"rise\"\".\"\n2, \"Cup\" ,Won.\n"));
        assertThat(documents(read("\"1\",\"Two\nlines\",\"and\r\nmore\"\n"), "world"))
                .containsExactly("Two lines and more");
        assertThat(documents(read("\"1\",\"A\\b\",\"c\\\"\"d\\\"\"\"\n"), "world"))
                .as("the published file's quirks")
                .containsExactly("A b c \"d \"");
    }

    @Test
    void foldersAndGzippedFilesAreRead() throws IOException {
        try (OutputStream zip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("test.csv.gz")))) {
            zip.write(TWO.getBytes(StandardCharsets.UTF_8));
        }
        hasBoth(new AgNews(folder));
        Files.writeString(folder.resolve("test.csv"), TWO);
        AgNews news = new AgNews(folder);
        hasBoth(news);
        assertThat(news.notes())
                .hasSize(1)
                .first()
                .asString()
                .contains("skipped, since test.csv exists as well")
                .contains("test.csv.gz");
    }

    @Test
    void recordsWithOtherFieldsAreRefusedWithLineAndRecord() {
        refused(TWO + "\n1,Title,and, talk, quick\n")
                .hasMessageContaining("train.csv:4: record 3 has 5 fields")
                .hasMessageContaining("quotation marks");
        refused(TWO + "1,Title\n")
                .hasMessageContaining("train.csv:3: record 3 has 2 fields, expected class (1 to 4), title, descr");
        refused("1;Title;Text\n")
                .hasMessageContaining("train.csv:1: record 1 has 1 fields")
                .hasMessageContaining("separated by commas");
        refused(",Class Index,Title,Description\n0,1,a,b\n").hasMessageContaining("record 1 has 4 fields");
        refused("\"1\",\"a\n\nb\",\"c\"\n9,x,y\n")
                .hasMessageContaining("train.csv:4: record 2 is not class (1 to 4)")
                .hasMessageContaining("class is \"9\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "5", "1.0", "-1", "", "World", "one"})
    void aClassThatIsNoneIsRefused(String index) {
        refused(TWO + index + ",a,b\n")
                .hasMessageContaining("train.csv:3: record 3")
                .hasMessageContaining("its class is \"" + index + "\"");
    }

    @Test
    void aQuotationMarkThatStaysOpenIsToldInOneLine() {
        refused(TWO + "\"3\",\"Broken\n\"2\",\"Cup\",\"Won.\"\n")
                .hasMessageContaining("train.csv:3: ")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("java.");
        refused(TWO + "\"3\",\"Broken, and cut off")
                .hasMessageContaining("train.csv:3: a quotation mark in this row is never closed");
    }

    @Test
    void otherEncodingsAreRefused() {
        assertThatThrownBy(() ->
                        new AgNews(Files.write(folder.resolve("train.csv"), TWO.getBytes(StandardCharsets.UTF_16))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv: byte 0: is UTF-16BE");
        byte[] late = (TWO.repeat(5000) + "1,Z\u00fcrich,x\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> new AgNews(Files.write(folder.resolve("train.csv"), late)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv: byte 265003: 0xFC is not UTF-8");
    }

    @Test
    void aPlaceWithoutNewsIsTold() {
        assertThatThrownBy(() -> new AgNews(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nor a folder with train.csv");
        assertThatThrownBy(() -> new AgNews(folder.resolve("no.csv")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is neither");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Class Index,Description,Title\n3,Prices,Oil\n2,Won.,Cup\n",
                "Title,Description,Class Index\nOil,Prices,3\nCup,Won.,2\n",
                "text,label,TITLE\nPrices,3,Oil\nWon.,2,Cup\n",
                "label,headline,content\n3,Oil,Prices\n2,Cup,Won.\n",
                "a,b,c\n3,Oil,Prices\n2,Cup,Won.\n"
            })
    void columnsThatAreNamedAreFollowed(String content) throws IOException {
        AgNews news = read(content);
        assertThat(documents(news, "business")).containsExactly("Oil Prices");
        assertThat(documents(news, "sports")).containsExactly("Cup Won.");
    }

    @Test
    void columnsInAnOrderThatIsNotKnownAreRefused() {
        refused("Class Index,Description,Kopf\n3,Prices,Oil\n")
                .hasMessageContaining("train.csv:1: the header names columns in another order, and not all of them");
        refused("Class,Title,Headline\n3,Prices,Oil\n").hasMessageContaining("train.csv:1: two columns");
        refused("Title,Description,Class Index\nOil,Prices,5\n")
                .hasMessageContaining("train.csv:2: record 2")
                .hasMessageContaining("its class is \"5\"");
    }

    @Test
    void recordsWithoutTextAreCounted() throws IOException {
        assertThat(read(TWO + "3,,\n2,\" \",\n1,x,\n").notes())
                .singleElement()
                .asString()
                .contains("train.csv: 2 records have neither title nor description")
                .contains("first in line 3");
        assertThat(read(TWO + "3,,\n").notes()).singleElement().asString().contains("1 record has neither");
    }

    @Test
    void otherFormatsAreTold() {
        for (String json :
                new String[] {"{\"label\": 3, \"text\": \"Oil\"}\n{\"label\": 2}\n", "[{\"a\": 1}]", "[\n [1, 2]]"}) {
            refused(json).hasMessageContaining("train.csv: is JSON, not AG News' CSV; expected records of class");
        }
        refused("3\tOil\tPrices\n2\tCup\tWon.\n")
                .hasMessageContaining("train.csv:1: record 1 has 1 fields")
                .hasMessageContaining("separated by tabs");
        refused("3\tOil, again\tPrices\n").hasMessageContaining("separated by tabs");
        refused("<!DOCTYPE html>\n<html lang=\"en\"><p>404").hasMessageContaining("train.csv: is HTML");
    }

    @Test
    void filesAreFoundInLettersOfAnyCase() throws IOException {
        Files.writeString(folder.resolve("TRAIN.csv"), TWO);
        hasBoth(new AgNews(folder));
        Files.writeString(folder.resolve("train.csv"), TWO);
        Files.writeString(folder.resolve("Test.CSV"), "1,Vote,Counted.\n");
        AgNews news = new AgNews(folder);
        hasBoth(news);
        assertThat(documents(news, "world")).containsExactly("Vote Counted.");
        assertThat(news.notes())
                .singleElement()
                .asString()
                .contains("since train.csv exists as well")
                .contains("TRAIN.csv");
    }
}
