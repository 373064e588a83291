package coterie.model.text;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Text that needs no file, written by grammars; as much of it as is asked for. */
public final class BuiltinText implements TextSource {
    private static final Map<String, List<String>> CORPORA = new TreeMap<>(Map.of(
            "languages", List.of("english", "french", "german", "italian"),
            "romance", List.of("french", "italian"),
            "code-and-prose", List.of("english", "java")));
    private final List<String> categories;

    /** @throws DataException where there is no corpus of this name */
    public BuiltinText(String corpus) {
        categories = CORPORA.get(corpus);
        if (categories == null) {
            throw new DataException("there is no built-in corpus " + corpus + "; there are " + CORPORA.keySet());
        }
    }

    /** Names of all built-in corpora and their categories. */
    public static Map<String, List<String>> corpora() {
        return CORPORA;
    }

    @Override
    public List<String> categories() {
        return categories;
    }

    @Override
    public boolean endless() {
        return true;
    }

    @Override
    public Iterator<String> documents(String category, long seed) {
        return IntStream.iterate(0, at -> at + 1)
                .mapToObj(written(category, seed))
                .iterator();
    }

    @Override
    public Iterator<String> documents(String category, long seed, BitSet at) {
        return at.stream().mapToObj(written(category, seed)).iterator();
    }

    /** Each document is drawn from a stream of its own, so that any can be made without the others. */
    private static IntFunction<String> written(String category, long seed) {
        Grammar grammar = new Grammar(resource(category));
        long key = category.hashCode();
        return at -> grammar.document(RandomStream.of(seed, Purpose.GRAMMAR, key, at));
    }

    private static String resource(String category) {
        try (InputStream in = BuiltinText.class.getResourceAsStream(category + ".grammar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
