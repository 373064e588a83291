package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    private static Tokenizer tokenizer;

    @TempDir
    Path folder;

    @BeforeAll
    static void learn() throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        for (String category : new BuiltinText("languages").categories()) {
            Iterator<String> documents = new BuiltinText("languages").documents(category, 1);
            for (int i = 0; i < 200; i++) {
                trainer.add(documents.next());
            }
        }
        tokenizer = Tokenizer.ofJson(trainer.train(700).toTokenizerJson(), "test");
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void bpeMergesTheMostFrequentPairFirst() throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("abab abab ab cd");
        // Words: "abab", " abab", " ab", " cd". Pairs: ab 5, ba 2, " a" 2 …; then (ab)(ab) 2 beats " "(ab) 2 by its
        // smaller left symbol? No: a blank is
        // written Ġ and its byte 32 is smaller than the merged symbol 256.
        String json = trainer.train(259).toTokenizerJson();
        assertThat(json).contains("\"merges\":[\"a b\",\"Ġ ab\"]");
        try (Tokenizer t = Tokenizer.ofJson(json, "test")) {
            assertThat(t.size()).isEqualTo(259);
            assertThat(t.endOfText()).isEqualTo(258);
            assertThat(t.encode("abab ab")).containsExactly(256, 256, 257);
        }
    }

    @Test
    void theSameTextGivesTheSameVocabulary() {
        String[] json = new String[2];
        for (int i = 0; i < 2; i++) {
            BpeTrainer trainer = new BpeTrainer();
            Iterator<String> documents = new BuiltinText("code-and-prose").documents("java", 3);
            for (int k = 0; k < 50; k++) {
                trainer.add(documents.next());
            }
            json[i] = trainer.train(400).toTokenizerJson();
        }
        assertThat(json[0]).isEqualTo(json[1]);
    }

    @Test
    void decodingGivesBackAnyText() {
        RandomStream s = RandomStream.of(3, Purpose.BATCH);
        int[] alphabet =
                "abcXYZ üéß€你好😀  \n\t'0123456789.,;-don't<|>".codePoints().toArray();
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = s.below(40); k >= 0; k--) {
                text.appendCodePoint(alphabet[s.below(alphabet.length)]);
            }
            assertThat(tokenizer.decode(tokenizer.encode(text.toString()))).isEqualTo(text.toString());
        }
    }

    @Test
    void anEndOfTextWrittenOutIsNotTakenForOne() {
        assertThat(tokenizer.encode("a <|endoftext|> b")).doesNotContain(tokenizer.endOfText());
    }

    @Test
    void longTextsAreNotCut() {
        assertThat(tokenizer.encode("word ".repeat(3000)).length).isGreaterThan(2999);
    }

    @ParameterizedTest
    @ValueSource(strings = {"languages", "romance", "code-and-prose"})
    void builtInTextIsTheSameForASeedAndNeverTheSameTwice(String corpus) {
        BuiltinText source = new BuiltinText(corpus);
        for (String category : source.categories()) {
            Iterator<String> a = source.documents(category, 5);
            Iterator<String> b = source.documents(category, 5);
            Iterator<String> c = source.documents(category, 6);
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                String document = a.next();
                assertThat(document)
                        .isEqualTo(b.next())
                        .isNotEqualTo(c.next())
                        .doesNotContain("$")
                        .doesNotContain("  .");
                assertThat(seen.add(document)).isTrue();
            }
        }
        assertThatThrownBy(() -> new BuiltinText("klingon"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("languages");
    }

    @Test
    void nobodyHoldsAnotherOnesDocuments() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add("document number " + i + " unique");
        }
        TextSource source = new TextSource() {
            @Override
            public List<String> categories() {
                return List.of("only");
            }

            @Override
            public Iterator<String> documents(String category, long seed) {
                return TextSource.shuffled(all, seed, 0);
            }
        };
        FederatedDataset dataset = new Partition(
                        Partition.high(3, 1, Partition.Arrangement.ALTERNATING), 300, 100, 100, 200)
                .deal(source, tokenizer, 1);
        List<int[]> sets = new ArrayList<>(List.of(dataset.shared()));
        dataset.users().forEach(u -> sets.addAll(List.of(u.train(), u.validation(), u.test())));
        Set<String> seen = new HashSet<>();
        for (int[] set : sets) {
            String text = tokenizer.decode(java.util.Arrays.stream(set)
                    .filter(t -> t != tokenizer.endOfText())
                    .toArray());
            java.util.regex.Matcher m =
                    java.util.regex.Pattern.compile("number (\\d+) unique").matcher(text);
            while (m.find()) {
                assertThat(seen.add(m.group(1))).as("document %s", m.group(1)).isTrue();
            }
        }
        assertThat(seen.size()).isGreaterThan(60);
    }

    @Test
    void mixturesAreKeptToTheToken() {
        FederatedDataset dataset = new Partition(
                        Partition.low(4, 4, Partition.Arrangement.ALTERNATING), 400, 100, 100, 0)
                .deal(new BuiltinText("languages"), tokenizer, 1);
        assertThat(dataset.users().get(3).mixture()).containsExactly(0.25, 0, 0, 0.75);
        assertThat(dataset.users().get(0).train()).hasSize(400);
        assertThat(dataset.users().get(0).train()[300])
                .as("the second category begins with a document")
                .isEqualTo(tokenizer.endOfText());
    }

    @Test
    void groupedUsersOfACategoryAreNeighbours() {
        double[][] m = Partition.high(6, 3, Partition.Arrangement.GROUPED);
        for (int u = 0; u < 6; u++) {
            assertThat(m[u][u / 2]).isEqualTo(1);
        }
    }

    @Test
    void tooLittleTextIsSaidSo() throws IOException {
        Files.writeString(folder.resolve("a.lines.txt"), "one\ntwo\n");
        assertThatThrownBy(() -> new Partition(Partition.high(2, 1, Partition.Arrangement.GROUPED), 100, 10, 10, 0)
                        .deal(new TextFiles(folder), tokenizer, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("category a has about")
                .hasMessageContaining("240 are needed");
    }

    @Test
    void aFolderOfTextIsReadByTheNamesOfItsFiles() throws IOException {
        Files.writeString(folder.resolve("README.md"), "not text");
        Files.writeString(folder.resolve("fr.lines.txt"), "un\n\ndeux\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("de.docs.txt.gz")))) {
            out.write("eins\nzwei\n<|endoftext|>\ndrei\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.createDirectories(folder.resolve("it/deep"));
        Files.writeString(folder.resolve("it/deep/x.java"), "class X {\n}\n");
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("de", "fr", "it");
        assertThat(files.documents("fr")).containsExactly("un", "deux");
        assertThat(files.documents("de")).containsExactly("eins\nzwei", "drei");
        assertThat(files.documents("it")).containsExactly("class X {\n}");
        assertThat(new TextFiles(folder.resolve("it/deep/x.java")).categories()).containsExactly("x");
    }

    @Test
    void agNewsIsReadAsItWasPublished() throws IOException {
        Files.writeString(
                folder.resolve("train.csv"),
                "\"3\",\"Oil \"\"up\"\"\",\"Prices, again\\ rise.\"\n\"2\",\"Cup\",\"Won.\"\n");
        AgNews news = new AgNews(folder);
        assertThat(news.categories()).containsExactly("world", "sports", "business", "scitech");
        assertThat(news.documents("business", 1).next()).isEqualTo("Oil \"up\" Prices, again rise.");
        assertThat(news.documents("world", 1).hasNext()).isFalse();
        Files.writeString(folder.resolve("train.csv"), "5,a,b\n");
        assertThatThrownBy(() -> new AgNews(folder)).hasMessageContaining("record 1");
    }

    @Test
    void overlapIsTheMultisetJaccardIndex() {
        assertThat(TokenOverlap.jaccard(new int[] {1, 1, 2}, new int[] {1, 2, 2}))
                .isCloseTo(2 / 6.0, within(1e-15));
        assertThat(TokenOverlap.jaccard(new int[] {1, 2}, new int[] {1, 2})).isEqualTo(0.5);
        assertThat(TokenOverlap.jaccard(new int[] {1}, new int[] {2})).isZero();
    }
}
