package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users' text is the same whether all of it is dealt or only theirs is read. */
class DocumentIndexTest {
    private static Tokenizer tokenizer;

    @TempDir
    private Path folder;

    @BeforeAll
    static void learn() throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("document no 123 is like no 4567890 is, and long enough");
        tokenizer = Tokenizer.ofJson(trainer.train(280).toTokenizerJson(), "test");
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    /** A folder in which every document is there several times, within its category and in the other. */
    private Path copies(long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder de = new StringBuilder();
        StringBuilder fr = new StringBuilder();
        for (int k = 0; k < 1500; k++) {
            int n = random.nextInt(600);
            de.append("document no ").append(n).append(" is long enough\n");
            fr.append("document no ").append(n % 2 == 0 ? n : n + 1000).append(" is long enough\n");
        }
        Files.writeString(folder.resolve("de.lines.txt"), de);
        Files.writeString(folder.resolve("fr.lines.txt"), fr);
        return folder;
    }

    /** The same documents without a way of its own to find some of them. */
    private static TextSource plain(TextSource source) {
        return new TextSource() {
            @Override
            public List<String> categories() {
                return source.categories();
            }

            @Override
            public Iterator<String> documents(String category, long seed) {
                return source.documents(category, seed);
            }

            @Override
            public boolean endless() {
                return source.endless();
            }
        };
    }

    private static void same(Partition partition, TextSource source, int... users) throws IOException {
        FederatedDataset all = partition.deal(source, tokenizer, 3);
        List<UserData> passed = new ArrayList<>();
        Partition.Indexed indexed =
                partition.index(source, tokenizer, 3, new DealtDocuments(), (user, data) -> passed.add(data));
        assertThat(passed).usingRecursiveComparison().isEqualTo(all.users());
        assertThat(indexed.shared()).isEqualTo(all.shared());
        assertThat(indexed.notes()).isEqualTo(all.notes());

        DocumentIndex index = DocumentIndex.read(indexed.index().of(users).bytes());
        assertThat(index.users()).isEqualTo(users);
        FederatedDataset some = partition.load(source, tokenizer, 3, index);
        assertThat(some.shared()).isEqualTo(all.shared());
        assertThat(some.mixtures()).isEqualTo(all.mixtures());
        for (int u = 0; u < all.users().size(); u++) {
            int user = u;
            if (Arrays.stream(users).anyMatch(h -> h == user)) {
                assertThat(some.users().get(u))
                        .as("user %d", u)
                        .usingRecursiveComparison()
                        .isEqualTo(all.users().get(u));
            } else {
                assertThat(some.users().get(u).train()).isEmpty();
                assertThat(some.users().get(u).test()).isEmpty();
            }
        }
    }

    @Test
    void someUsersReadWhatTheyAreDealt() throws IOException {
        TextFiles files = new TextFiles(copies(1));
        Partition low = new Partition(Partition.low(5, 2, Partition.Arrangement.ALTERNATING), 700, 200, 300, 400);
        for (TextSource source : List.of(files, plain(files))) {
            same(low, source, 0, 1);
            same(low, source, 1, 4);
            same(low, source);
            same(low, source, 0, 1, 2, 3, 4);
        }
        BuiltinText builtin = new BuiltinText("languages");
        Partition high = new Partition(Partition.high(9, 4, Partition.Arrangement.GROUPED), 500, 100, 100, 0);
        same(high, builtin, 2, 3, 8);
        same(high, plain(builtin), 2, 3, 8);
    }

    @Test
    void someUsersReadWhatTheyAreDealtFromATable() throws IOException {
        StringBuilder rows = new StringBuilder();
        Random random = new Random(2);
        for (int k = 0; k < 3000; k++) {
            rows.append("{\"text\": \"document no ")
                    .append(random.nextInt(1200))
                    .append(" is long enough\", \"user\": ")
                    .append(random.nextInt(2))
                    .append("}\n");
        }
        TextSource table = new TextFiles(Files.writeString(folder.resolve("all.jsonl"), rows));
        Partition low = new Partition(Partition.low(5, 2, Partition.Arrangement.ALTERNATING), 700, 200, 300, 400);
        same(low, table, 0, 1);
        same(low, plain(table), 1, 4);
        same(low, table);
    }

    /** Users 0 and 3 change twice, user 2 once. */
    private static Partition drifting(double[][] first) {
        double[][] later = {{0, 1}, {0.5, 0.5}};
        return new Partition(
                first, new double[][][] {later, {}, {{1, 0}}, later, {}}, Partition.filled(5, 350), 100, 150, 400);
    }

    @Test
    void laterPhasesHaveDocumentsOfTheirOwnAndTheFirstStaysTheSame() throws IOException {
        TextFiles files = new TextFiles(copies(1));
        double[][] first = Partition.low(5, 2, Partition.Arrangement.ALTERNATING);
        FederatedDataset drifting = drifting(first).deal(files, tokenizer, 3);
        FederatedDataset constant = new Partition(first, 350, 100, 150, 400).deal(files, tokenizer, 3);
        assertThat(drifting.shared()).isEqualTo(constant.shared());
        assertThat(drifting.users()).extracting(u -> u.later().size()).containsExactly(2, 0, 1, 2, 0);
        List<String> seen = new ArrayList<>();
        for (int u = 0; u < 5; u++) {
            UserData user = drifting.users().get(u);
            assertThat(user.train()).isEqualTo(constant.users().get(u).train());
            assertThat(user.test()).isEqualTo(constant.users().get(u).test());
            for (UserData phase : user.phases()) {
                assertThat(phase.train()).hasSize(350);
                assertThat(phase.validation()).hasSize(100);
                assertThat(phase.test()).hasSize(150);
                for (int[] part : List.of(phase.train(), phase.validation(), phase.test())) {
                    // The last document may be cut.
                    List<String> documents = documents(part);
                    seen.addAll(documents.subList(0, documents.size() - 1));
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        assertThat(drifting.users().get(2).phase(1).mixture()).containsExactly(1, 0);
    }

    private static List<String> documents(int[] tokens) {
        String end = tokenizer.decode(new int[] {tokenizer.endOfText()});
        return Arrays.stream(tokenizer.decode(tokens).split(Pattern.quote(end)))
                .filter(d -> !d.isBlank())
                .toList();
    }

    @Test
    void someUsersReadTheirLaterPhases() throws IOException {
        TextFiles files = new TextFiles(copies(1));
        Partition partition = drifting(Partition.low(5, 2, Partition.Arrangement.ALTERNATING));
        FederatedDataset all = partition.deal(files, tokenizer, 3);
        DocumentIndex index = partition
                .index(files, tokenizer, 3, new DealtDocuments(), (user, data) -> {})
                .index();
        for (int[] users : new int[][] {{0, 2}, {1, 3}, {3}}) {
            DocumentIndex some = DocumentIndex.read(index.of(users).bytes());
            for (TextSource source : List.of(files, plain(files))) {
                FederatedDataset read = partition.load(source, tokenizer, 3, some);
                for (int u : users) {
                    assertThat(read.users().get(u))
                            .as("user %d", u)
                            .usingRecursiveComparison()
                            .isEqualTo(all.users().get(u));
                }
            }
        }
    }

    @Test
    void tooLittleTextForLaterPhasesIsRefused() throws IOException {
        double[][] first = Partition.high(2, 2, Partition.Arrangement.GROUPED);
        double[][][] later = {{{0, 1}}, {{0, 1}}};
        Partition partition = new Partition(first, later, Partition.filled(2, 5000), 100, 150, 0);
        TextFiles files = new TextFiles(copies(1));
        assertThatThrownBy(() -> partition.deal(files, tokenizer, 3))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("category fr has about")
                .hasMessageContaining("but 15750 are needed");
    }

    @Test
    void anIndexHoldsNoOtherUsers() {
        Partition partition = new Partition(Partition.high(4, 4, Partition.Arrangement.GROUPED), 500, 100, 100, 0);
        DocumentIndex index = partition
                .index(new BuiltinText("languages"), tokenizer, 1, new DealtDocuments(), (user, data) -> {})
                .index()
                .of(new int[] {1, 2});
        assertThatThrownBy(() -> index.of(new int[] {3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user 3 is not among users [1, 2]");
    }

    @Test
    void textThatIsNotThereIsRefused() throws IOException {
        Partition partition = new Partition(Partition.high(2, 2, Partition.Arrangement.GROUPED), 700, 200, 300, 0);
        DocumentIndex index = partition
                .index(new TextFiles(copies(1)), tokenizer, 1, new DealtDocuments(), (user, data) -> {})
                .index();
        Files.writeString(folder.resolve("fr.lines.txt"), "document no 1 is long enough\n");
        assertThatThrownBy(() -> partition.load(new TextFiles(folder), tokenizer, 1, index))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("category fr ends before the documents of this run's users");
    }

    @Test
    void bytesThatAreNotAnIndexAreRefused() {
        Partition partition = new Partition(Partition.high(2, 4, Partition.Arrangement.GROUPED), 50, 10, 10, 0);
        byte[] bytes = partition
                .index(new BuiltinText("languages"), tokenizer, 1, new DealtDocuments(), (user, data) -> {})
                .index()
                .bytes();
        for (int length = 0; length < bytes.length; length += 7) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> DocumentIndex.read(cut)).isInstanceOf(IOException.class);
        }
        byte[] negative = bytes.clone();
        negative[0] = -1;
        assertThatThrownBy(() -> DocumentIndex.read(negative))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a length of");
    }
}
