package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That no document is in two places, and that parts are reckoned before they are made. */
class PartitionTest {
    private static final Pattern NUMBER = Pattern.compile("no (\\d+) is");
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

    private static String document(int number) {
        return "document no " + number + " is like no " + number + " is, and long enough";
    }

    private static void disjoint(FederatedDataset dataset, String what) {
        List<int[]> parts = new ArrayList<>(List.of(dataset.shared()));
        dataset.users().forEach(u -> parts.addAll(List.of(u.train(), u.validation(), u.test())));
        Set<String> seen = new HashSet<>();
        for (int[] part : parts) {
            Set<String> here = new HashSet<>();
            for (String piece : tokenizer.decode(part).split(Pattern.quote(ByteLevel.END_OF_TEXT))) {
                Matcher m = NUMBER.matcher(piece);
                if (m.find()) {
                    assertThat(here.add(m.group(1)))
                            .as("%s: document %s twice in a part", what, m.group(1))
                            .isTrue();
                }
            }
            here.forEach(n -> assertThat(seen.add(n))
                    .as("%s: document %s in two parts", what, n)
                    .isTrue());
        }
    }

    @Test
    void copiesWithinAndAcrossCategoriesAreDealtOnceAndTold() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder de = new StringBuilder();
        StringBuilder fr = new StringBuilder();
        for (int k = 0; k < 1500; k++) {
            int n = random.nextInt(600);
            de.append(document(n)).append(random.nextBoolean() ? "\r\n" : " \n");
            fr.append(document(n % 2 == 0 ? n : n + 1000)).append("\n");
        }
        Files.writeString(folder.resolve("de.lines.txt"), de);
        Files.writeString(folder.resolve("fr.lines.txt"), fr);
        for (double[][] mixtures : List.of(
                Partition.high(4, 2, Partition.Arrangement.ALTERNATING),
                Partition.low(4, 2, Partition.Arrangement.GROUPED))) {
            FederatedDataset dataset =
                    new Partition(mixtures, 900, 300, 500, 400).deal(new TextFiles(folder), tokenizer, 1);
            disjoint(dataset, "seed " + seed);
            assertThat(dataset.notes())
                    .anyMatch(n -> n.matches("dropped, since the same document was dealt before: de \\d+, fr \\d+ .*"));
        }
    }

    @Test
    void withoutCopiesNothingIsDroppedOrSaid() throws IOException {
        StringBuilder de = new StringBuilder();
        for (int n = 0; n < 200; n++) {
            de.append(document(n)).append('\n');
        }
        Files.writeString(folder.resolve("de.lines.txt"), de);
        FederatedDataset dataset = new Partition(
                        Partition.high(2, 1, Partition.Arrangement.GROUPED), 500, 100, 100, 100)
                .deal(new TextFiles(folder), tokenizer, 1);
        disjoint(dataset, "no copies");
        assertThat(dataset.notes()).isEmpty();
    }

    @Test
    void copiesDoNotMakeUpForTextThatIsMissing() throws IOException {
        Files.writeString(folder.resolve("de.lines.txt"), (document(1) + "\n" + document(2) + "\n").repeat(1000));
        assertThatThrownBy(() -> new Partition(Partition.high(1, 1, Partition.Arrangement.GROUPED), 500, 100, 100, 0)
                        .deal(new TextFiles(folder), tokenizer, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("tokens in 2 documents, but 700 are needed");
    }

    @Test
    void partsBeyondMemoryAreRefusedWithHowMuchThereIs() throws IOException {
        Partition huge =
                new Partition(Partition.high(4, 1, Partition.Arrangement.GROUPED), Integer.MAX_VALUE, 100, 100, 100);
        Files.writeString(folder.resolve("de.lines.txt"), document(1) + "\n" + document(2) + "\n");
        int tokens = 2 + tokenizer.encode(document(1)).length + tokenizer.encode(document(2)).length;
        assertThatThrownBy(() -> huge.deal(new TextFiles(folder), tokenizer, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "category de has about " + tokens + " tokens in 2 documents, but 8589935488 are needed");
        double[][] all = Partition.high(4, 4, Partition.Arrangement.GROUPED);
        assertThatThrownBy(() -> new Partition(all, Integer.MAX_VALUE, 100, 100, 100)
                        .deal(new BuiltinText("languages"), tokenizer, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("4 users x (2147483647 train_tokens")
                .hasMessageContaining("34.4 GB");
        Partition one = new Partition(Partition.high(1, 1, Partition.Arrangement.GROUPED), 100_000_000, 10, 10, 0);
        assertThatThrownBy(() -> one.deal(new TextFiles(folder), tokenizer, 1))
                .as("fits memory, but there is not so much")
                .hasMessageContaining("100000020 are needed");
    }

    @Test
    void theSharedSetHasAsMuchOfEveryCategory() {
        for (int tokens : new int[] {0, 1, 7, 400, 1000}) {
            for (String corpus : List.of("romance", "languages")) {
                BuiltinText source = new BuiltinText(corpus);
                int categories = source.categories().size();
                FederatedDataset dataset = new Partition(
                                Partition.high(2, categories, Partition.Arrangement.GROUPED), 50, 50, 50, tokens)
                        .deal(source, tokenizer, 1);
                assertThat(dataset.sharedTokens()).isEqualTo(tokens);
                assertThat(List.of(dataset.shared()))
                        .hasSize(categories)
                        .allSatisfy(part -> assertThat(part.length)
                                .isBetween(tokens / categories, (tokens + categories - 1) / categories));
            }
        }
    }

    @Test
    void ofAVeryLongDocumentTheBeginningIsTheSameAsIfAllWereRead() {
        StringBuilder text = new StringBuilder();
        for (int n = 0; text.length() < 540_000; n++) {
            text.append(document(n)).append(n % 7 == 0 ? "\n\n" : " ");
        }
        TextSource source = new TextSource() {
            @Override
            public List<String> categories() {
                return List.of("only");
            }

            @Override
            public Iterator<String> documents(String category, long seed) {
                return List.of(text.toString()).iterator();
            }
        };
        int[] whole = tokenizer.encode(text.toString());
        int chunk = tokenizer.encode(text.substring(0, 1 << 18)).length;
        for (int tokens : new int[] {100, chunk - 1}) {
            FederatedDataset dataset = new Partition(
                            Partition.high(1, 1, Partition.Arrangement.GROUPED), tokens, 0, 0, 0)
                    .deal(source, tokenizer, 1);
            int[] train = dataset.users().get(0).train();
            assertThat(train).hasSize(tokens);
            assertThat(java.util.Arrays.equals(train, 1, tokens, whole, 0, tokens - 1))
                    .as("%d tokens", tokens)
                    .isTrue();
        }
    }
}
