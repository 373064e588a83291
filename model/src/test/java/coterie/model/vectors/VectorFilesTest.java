package coterie.model.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.text.DataException;
import coterie.model.text.Partition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorFilesTest {
    private static final VectorFiles FILES = new VectorFiles("label", 0.2, 0.25, 1);

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static VectorDataset read(Path path, int users) {
        return FILES.read(path, users, c -> Partition.high(users, c, Partition.Arrangement.ALTERNATING));
    }

    @Test
    void columnsOfUsersAndSplitsSayWhoHasWhat() throws IOException {
        Path file = file("a.csv", """
                user,x,label,split,y
                anna,1,red,train,2
                bert,3,blue,test,4
                anna,5,blue,test,6
                bert,7,red,train,-8e-1
                anna,9,red,validation,0
                """);
        VectorDataset d = read(file, 2);
        assertThat(d.inputs()).containsExactly("x", "y");
        assertThat(d.classes()).containsExactly("blue", "red");
        VectorUser anna = d.users().get(0);
        assertThat(anna.train().x()).containsExactly(1, 2);
        assertThat(anna.train().labels()).containsExactly(1);
        assertThat(anna.test().x()).containsExactly(5, 6);
        assertThat(anna.validation().x()).containsExactly(9, 0);
        assertThat(d.users().get(1).train().x()).containsExactly(7, -0.8f);
        assertThat(anna.mixture()[1]).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void rowsAreDealtOnceByTheSharesOfTheirClasses() throws IOException {
        StringBuilder text = new StringBuilder("label,x\n");
        for (int k = 0; k < 120; k++) {
            text.append(k % 3 == 0 ? "a" : "b").append(',').append(k).append('\n');
        }
        Path file = file("rows.csv", text.toString());
        VectorDataset high = read(file, 4);
        Set<Float> seen = new TreeSet<>();
        for (int u = 0; u < 4; u++) {
            VectorUser user = high.users().get(u);
            assertThat(user.mixture()[u % 2]).isCloseTo(1, within(1e-9));
            for (Rows set : List.of(user.train(), user.validation(), user.test())) {
                for (float x : set.x()) {
                    assertThat(seen.add(x)).as("row %s is dealt once", x).isTrue();
                }
            }
        }
        assertThat(seen).hasSize(120);
        VectorUser first = high.users().get(0);
        assertThat(List.of(
                        first.train().size(),
                        first.validation().size(),
                        first.test().size()))
                .containsExactly(11, 4, 5);
        VectorDataset low = FILES.read(file, 2, c -> Partition.low(2, c, Partition.Arrangement.ALTERNATING));
        assertThat(low.users().stream()
                        .mapToInt(u -> u.train().size()
                                + u.validation().size()
                                + u.test().size())
                        .sum())
                .isEqualTo(120);
        assertThat(low.users().get(0).mixture()[0]).isCloseTo(30 / 50.0, within(1e-9));
    }

    @Test
    void aFolderHasAFileAUser() throws IOException {
        Path all = Files.createDirectory(folder.resolve("users"));
        for (String user : List.of("b", "a")) {
            Files.writeString(all.resolve(user + ".csv"), "label,x\n0," + user.length() + "\n1,2\n0,3\n1,4\n");
        }
        VectorDataset d = read(all, 2);
        assertThat(d.users()).hasSize(2);
        assertThatThrownBy(() -> read(all, 3))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("users: holds the rows of 2 users, the scenario has 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label,x;0,1;1,nan                   | 3: column x: must be a finite number, found nan",
                "label,x;0,1;1,1f                    | 3: column x: must be a finite number, found 1f",
                "label,x;0,1;1,                      | 3: column x: must be a finite number, found nothing",
                "label,x;0,1;1                       | 3: must have 2 fields, as the first row has, found 1",
                "label,x;0,1;,2                      | 3: column label: must not be empty",
                "class,x;0,1                         | 1: must have a column label of labels, found [class, x]",
                "label,x,x;0,1,2                     | 1: every column must have a name of its own, found x twice",
                "label,user;0,1                      | 1: must have at least one column of numbers beside [label, user]",
                "label,x,split;0,1,dev               | 2: column split: must be train, validation or test, found dev",
            })
    void aFaultIsNamedWithItsPlace(String text, String message) throws IOException {
        Path file = file("bad.csv", text.replace(';', '\n') + "\n");
        assertThatThrownBy(() -> read(file, 1))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":" + message);
    }

    @Test
    void oneLabelAloneCannotBeLearned() throws IOException {
        Path file = file("one.csv", "label,x\na,1\na,2\n");
        assertThatThrownBy(() -> read(file, 1)).hasMessageEndingWith("must have at least two labels, found [a]");
    }
}
