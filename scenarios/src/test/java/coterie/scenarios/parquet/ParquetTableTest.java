package coterie.scenarios.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.text.DataException;
import coterie.model.text.TextFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParquetTableTest {
    @TempDir
    private Path folder;

    private Path write(String name, String select) throws IOException, SQLException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path plain = folder.resolve("written");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + plain + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        }
        return Files.move(plain, file);
    }

    @Test
    void rowsAreDocumentsInTheOrderOfTheFile() throws Exception {
        Path file = write(
                "all.parquet",
                "SELECT 'row ' || i AS text, i AS id, [i] AS other, i % 2 AS category FROM range(20000) t(i)");
        TextFiles files = new TextFiles(file);
        assertThat(files.categories()).containsExactly("0", "1");
        List<String> odd = new ArrayList<>();
        for (int k = 1; k < 20000; k += 2) {
            odd.add("row " + k);
        }
        assertThat(files.documents("1")).isEqualTo(odd);
        assertThat(files.notes()).isEmpty();
    }

    @Test
    void partsOfATableBesideOtherFilesAreRead() throws Exception {
        write("train-00001-of-00002.parquet", "SELECT 'drei' AS text");
        write("train-00000-of-00002.parquet", "SELECT unnest(['eins', '', 'zwei']) AS text");
        Files.writeString(folder.resolve("train.txt"), "vier");
        TextFiles files = new TextFiles(folder);
        assertThat(files.documents("train")).containsExactly("eins", "zwei", "drei", "vier");
        assertThat(files.notes()).singleElement().asString().contains("1 row without text", ": row 2");
    }

    /** Wildcards, quotation marks and names of partitions mean nothing in the name of a file. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"a*.parquet", "a[b]?.parquet", "it's.parquet", "lang=fr/it.parquet"})
    void anyNameOfAFileIsThatFile(String name) throws Exception {
        Path file = write(name, "SELECT 'this' AS text");
        write("ab.parquet", "SELECT 'other' AS text");
        TextFiles files = new TextFiles(file);
        assertThat(files.documents(files.categories().get(0))).containsExactly("this");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'a' AS content, 1 AS id | : row 1: has no column \"text\", found content, id",
                "unnest(['a', NULL]) AS text | : row 2: \"text\" must be a string, found null",
                "5 AS text | : row 1: \"text\" must be a string, found 5",
                "['a'] AS text | : row 1: \"text\" must be a string, found a value of type VARCHAR[]",
                "'a'::BLOB AS text | : row 1: \"text\" must be a string, found a value of type BLOB",
                "'a' AS text, 1.5 AS category | : row 1: \"category\" must be a string or an integer"
            })
    void whatIsNotTextIsRefusedWithItsRow(String select, String told) throws Exception {
        Path file = write("a.parquet", "SELECT " + select);
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + told);
    }

    @Test
    void damagedFilesAndOtherFormatsAreRefused() throws Exception {
        Path file = write("a.parquet", "SELECT 'row ' || i AS text FROM range(5000) t(i)");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": cannot be read as Parquet: ");
        Random random = new Random(1);
        for (int k = 0; k < 20; k++) {
            byte[] damaged = whole.clone();
            damaged[4 + random.nextInt(whole.length - 4)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, damaged);
            try {
                new TextFiles(file);
            } catch (DataException e) {
                assertThat(e).hasMessageStartingWith(file.toString());
            }
        }
        Files.writeString(file, "text,category\n");
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is not Parquet, which begins with PAR1");
        Files.write(
                file,
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("git-lfs pointer");
    }
}
