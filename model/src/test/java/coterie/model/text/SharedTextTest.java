package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** X_S from another source than the users' text. */
class SharedTextTest {
    private static final int WINDOW = 9;
    private static Tokenizer tokenizer;

    @TempDir
    private Path folder;

    @BeforeAll
    static void learn() throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("document no 123 of birds is like no 4567890 of trees is, and long enough");
        tokenizer = Tokenizer.ofJson(trainer.train(280).toTokenizerJson(), "test");
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private Path write(String category, int from, int to) throws IOException {
        String documents = IntStream.range(from, to)
                .mapToObj(n -> "{\"text\": \"document no " + n + " of " + category + " is long enough\"}")
                .collect(Collectors.joining("\n"));
        return Files.writeString(folder.resolve(category + ".jsonl"), documents);
    }

    private SharedText.Wanted wanted(int tokens, List<String> categories, DealtDocuments dealt) {
        return new SharedText.Wanted(new int[][] {{1, 2, 3}}, tokenizer, tokens, WINDOW, categories, 5, dealt);
    }

    private static Set<String> documents(int[] tokens) {
        Set<String> all =
                new HashSet<>(List.of(tokenizer.decode(tokens).split(ByteLevel.END_OF_TEXT.replace("|", "\\|"))));
        all.remove("");
        return all;
    }

    @Test
    void theUsersTextKeepsSomeBack() {
        SharedText.Wanted wanted = wanted(100, List.of(), new DealtDocuments());

        assertThat(new SharedText.OfUsers().deal(wanted)).isSameAs(wanted.reserved());
    }

    @Test
    void filesOfItsOwnGiveEqualPartsOfTheWantedCategories() throws IOException {
        write("birds", 0, 100);
        write("trees", 0, 100);
        write("stones", 0, 100);
        SharedText files = new SharedText.FromFiles(folder.toString(), "text", null);

        int[][] all = files.deal(wanted(600, List.of(), new DealtDocuments()));
        int[][] some = files.deal(wanted(601, List.of("trees", "birds"), new DealtDocuments()));

        assertThat(all).hasDimensions(3, 200);
        assertThat(some).hasDimensions(2, 301);
        assertThat(tokenizer.decode(some[0])).contains("of trees").doesNotContain("of birds", "of stones");
        assertThat(tokenizer.decode(some[1])).contains("of birds").doesNotContain("of trees", "of stones");
    }

    @Test
    void aCategoryHasASequenceAtLeast() throws IOException {
        write("birds", 0, 100);

        int[][] shared = new SharedText.FromFiles(folder.toString(), "text", null)
                .deal(wanted(1, List.of(), new DealtDocuments()));

        assertThat(shared).hasDimensions(1, WINDOW);
    }

    @Test
    void documentsThatUsersHaveAreNotTaken() throws IOException {
        write("birds", 0, 200);
        write("trees", 0, 200);
        DealtDocuments dealt = new DealtDocuments();
        FederatedDataset users = new Partition(
                        Partition.high(2, 2, Partition.Arrangement.ALTERNATING), 300, 100, 100, 40)
                .deal(new TextFiles(folder), tokenizer, 5, dealt);

        int[][] shared =
                new SharedText.FromFiles(folder.toString(), "text", null).deal(wanted(400, List.of("birds"), dealt));

        Set<String> taken = documents(shared[0]);
        assertThat(taken).hasSizeGreaterThan(5);
        for (UserData u : users.users()) {
            for (int[] part : List.of(u.train(), u.validation(), u.test())) {
                // The last document of a part is cut, so that it equals no whole one.
                assertThat(documents(part)).doesNotContainAnyElementsOf(taken);
            }
        }
    }

    @Test
    void usersHaveTheSameTextWhereverXsIsFrom() {
        Partition partition = new Partition(Partition.high(2, 2, Partition.Arrangement.ALTERNATING), 300, 100, 100, 40);
        DealtDocuments dealt = new DealtDocuments();
        FederatedDataset plain = partition.deal(new BuiltinText("romance"), tokenizer, 5);
        FederatedDataset own = partition.deal(new BuiltinText("romance"), tokenizer, 5, dealt);
        own = own.withShared(new SharedText.Builtin("languages").deal(wanted(200, List.of("english"), dealt)));

        for (int u = 0; u < 2; u++) {
            assertThat(own.users().get(u).train())
                    .isEqualTo(plain.users().get(u).train());
        }
        assertThat(own.shared()).hasDimensions(1, 200);
    }

    @Test
    void randomTokensAreDrawnFromTheWholeVocabularyWithoutSeparators() {
        int[][] shared = new SharedText.RandomTokens().deal(wanted(20_000, List.of(), new DealtDocuments()));

        assertThat(shared).hasDimensions(1, 20_000);
        int[] counts = new int[tokenizer.size()];
        Arrays.stream(shared[0]).forEach(id -> counts[id]++);
        for (int id = 0; id < counts.length; id++) {
            if (id == tokenizer.endOfText()) {
                assertThat(counts[id]).isZero();
            } else {
                // Mean 72, standard deviation 8.5.
                assertThat(counts[id]).as("token %d", id).isBetween(30, 125);
            }
        }
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        write("birds", 0, 5);
        SharedText files = new SharedText.FromFiles(folder.toString(), "text", null);

        assertThatThrownBy(() -> files.deal(wanted(10_000, List.of(), new DealtDocuments())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("birds has about")
                .hasMessageContaining("10000 are needed for the shared set: ask for fewer shared_tokens");
        assertThatThrownBy(() -> files.deal(wanted(100, List.of("fish"), new DealtDocuments())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is no category fish; there are birds");
        assertThatThrownBy(() -> new SharedText.RandomTokens().deal(wanted(100, List.of("fish"), new DealtDocuments())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("random tokens have no categories, found fish");
    }
}
