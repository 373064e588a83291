package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.topology.settings.Component;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {
    @Test
    void theDescriptionNamesAllBuiltinCorpora() {
        String about = TextCorpus.Builtin.class.getAnnotation(Component.class).about();
        BuiltinText.corpora()
                .forEach((name, categories) ->
                        assertThat(about).contains(name + " (" + String.join(", ", categories) + ")"));
    }

    @Test
    void aSourceOpensWhatItNames(@TempDir Path folder) throws Exception {
        Path french = Files.writeString(folder.resolve("french.txt"), "Bonjour.");
        assertThat(new TextCorpus.Builtin("romance").open().categories()).containsExactly("french", "italian");
        TextCorpus text = new TextCorpus.FromFiles(folder.toString(), "text", null);
        assertThat(text.open().categories()).containsExactly("french");
        assertThat(text.files(folder)).containsExactly(french);
        Files.writeString(folder.resolve("test.csv"), "1,A title,Words\n");
        assertThat(new TextCorpus.News(folder.toString()).files(folder)).containsExactly(folder.resolve("test.csv"));
    }

    @Test
    void aSourceWithoutItsPathIsRefused() {
        assertThatThrownBy(() -> new TextCorpus.News(null))
                .hasMessage("path must name a file or folder, found nothing");
        assertThatThrownBy(() -> new TextCorpus.FromFiles("a", " ", null))
                .hasMessage("column must name a column, found nothing");
        assertThatThrownBy(() -> new TextCorpus.FromFiles("a", "text", ""))
                .hasMessage("category must name a column, found nothing");
        assertThatThrownBy(() -> new TextCorpus.Builtin("latin"))
                .hasMessageContaining("no built-in corpus latin")
                .hasMessageContaining("builtin:romance");
    }
}
