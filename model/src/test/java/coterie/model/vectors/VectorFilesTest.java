package coterie.model.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.text.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorFilesTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static LabelledRows read(Path path, String category) {
        return new VectorFiles(path.toString(), "label", category).read();
    }

    @Test
    void theCategoryIsTheLabelOrAColumn() throws IOException {
        Path file = file("a.csv", """
                place,x,label,y
                north,1,red,2
                south,3,blue,4
                north,-8e-1,blue,6
                """);
        LabelledRows byPlace = read(file, "place");
        assertThat(byPlace.inputs()).containsExactly("x", "y");
        assertThat(byPlace.classes()).containsExactly("blue", "red");
        assertThat(byPlace.categories()).containsExactly("north", "south");
        assertThat(byPlace.category()).containsExactly(0, 1, 0);
        assertThat(byPlace.rows().labels()).containsExactly(1, 0, 0);
        assertThat(byPlace.rows().x()).containsExactly(1, 2, 3, 4, -0.8f, 6);
        LabelledRows byLabel = read(file("b.csv", "x,label\n1,red\n2,blue\n"), null);
        assertThat(byLabel.categories()).containsExactly("blue", "red");
        assertThat(byLabel.category()).containsExactly(1, 0);
    }

    @Test
    void aFolderHasAFileACategory() throws IOException {
        Path all = Files.createDirectory(folder.resolve("places"));
        for (String place : List.of("south", "north")) {
            Files.writeString(all.resolve(place + ".csv"), "label,x\n0,1\n1," + place.length() + "\n");
        }
        Files.writeString(all.resolve("README.md"), "Rows of two places.");
        LabelledRows rows = read(all, null);
        assertThat(rows.categories()).containsExactly("north", "south");
        assertThat(rows.category()).containsExactly(0, 0, 1, 1);
        assertThat(new VectorFiles(all.toString(), "label", null).files(all))
                .containsExactly(all.resolve("north.csv"), all.resolve("south.csv"));
        Files.writeString(all.resolve("north.old.csv"), "label,x\n0,1\n");
        assertThatThrownBy(() -> read(all, null))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("north.old.csv: is of category north, as ");
        Files.writeString(all.resolve("north.old.csv"), "label,y\n0,1\n");
        assertThatThrownBy(() -> read(all, "label")).hasMessageEndingWith("[x], found [y]");
    }

    @Test
    void aFolderWithoutTablesIsRefused() {
        assertThatThrownBy(() -> read(folder, null)).hasMessageEndingWith("must hold a .csv file, found none");
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
                "label;0                             | 1: must have at least one column of numbers beside [label]",
            })
    void aFaultIsNamedWithItsPlace(String text, String message) throws IOException {
        Path file = file("bad.csv", text.replace(';', '\n') + "\n");
        assertThatThrownBy(() -> read(file, null))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":" + message);
    }

    @Test
    void aColumnOfCategoriesMustBeThere() throws IOException {
        Path file = file("a.csv", "label,x\na,1\n");
        assertThatThrownBy(() -> read(file, "place"))
                .hasMessage(file + ":1: must have a column place of categories, found [label, x]");
    }

    @Test
    void oneLabelAloneCannotBeLearned() throws IOException {
        Path file = file("one.csv", "label,x\na,1\na,2\n");
        assertThatThrownBy(() -> read(file, null)).hasMessageEndingWith("must have at least two labels, found [a]");
    }
}
