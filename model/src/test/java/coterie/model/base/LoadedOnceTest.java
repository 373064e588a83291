package coterie.model.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.source.BaseSource;
import coterie.model.base.source.FolderSource;
import coterie.model.files.NamedArrays;
import coterie.model.files.SafeTensors.Tensor;
import coterie.model.program.BaseSession;
import coterie.model.program.Precision;
import coterie.model.text.DataException;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base that is loaded for use reads its files once, and checks its numbers on the way. */
class LoadedOnceTest {
    @TempDir
    Path folder;

    private ForeignBase base;

    @BeforeEach
    void write() throws IOException {
        base = ForeignBase.write(folder);
    }

    /** Notes what is read of a base: its configuration, its tokenizer, and arrays by name. */
    private record Noting(BaseSource source, List<String> read) implements BaseSource {
        @Override
        public String configOrigin() {
            return source.configOrigin();
        }

        @Override
        public JsonNode config() throws IOException {
            read.add("configuration");
            return source.config();
        }

        @Override
        public NamedArrays arrays() throws IOException {
            return new NotingArrays(source.arrays(), read);
        }

        @Override
        public Tokenizer tokenizer() throws IOException {
            read.add("tokenizer");
            return source.tokenizer();
        }
    }

    private record NotingArrays(NamedArrays arrays, List<String> read) implements NamedArrays {
        @Override
        public String origin() {
            return arrays.origin();
        }

        @Override
        public Set<String> names() {
            return arrays.names();
        }

        @Override
        public Map<String, Long> types() {
            return arrays.types();
        }

        @Override
        public void check(String name, int... shape) throws IOException {
            arrays.check(name, shape);
        }

        @Override
        public void read(String name, int multiple, Sink to) throws IOException {
            read.add(name);
            arrays.read(name, multiple, to);
        }

        @Override
        public void close() throws IOException {
            arrays.close();
        }
    }

    @Test
    void eachArrayIsDecodedOnceOnItsWayToTheDevice() throws IOException {
        Map<String, Tensor> arrays = base.arrays();
        // A second copy of the embedding, which must be compared with it.
        arrays.put("lm_head.weight", arrays.get("transformer.wte.weight"));
        base.arrays("model.safetensors", arrays);
        List<String> read = new ArrayList<>();
        PretrainedBase opened = PretrainedBase.of("noted", new Noting(new FolderSource(folder), read));
        try (Tokenizer tokenizer = opened.tokenizer()) {
            assertThat(tokenizer.size()).isEqualTo(257);
            assertThat(opened.weights().types()).containsEntry("F32", (long) arrays.size());
            assertThat(read).containsExactly("configuration", "tokenizer");
            read.clear();
            new BaseSession(opened.weights(), Precision.FLOAT32, "cpu").close();
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(arrays.keySet());
    }

    @Test
    void aNumberThatIsNotFiniteIsRefusedAlikeWhereverItIsRead() throws IOException {
        Map<String, Tensor> arrays = base.arrays();
        arrays.get("transformer.h.1.mlp.c_fc.weight").values()[64 + 5] = Float.NEGATIVE_INFINITY;
        base.arrays("model.safetensors", arrays);
        BaseWeights weights = PretrainedBase.weights(folder.toString());
        String message = "cannot load base " + folder + ": " + folder.resolve("model.safetensors")
                + ": array transformer.h.1.mlp.c_fc.weight is -Infinity at index [1, 5]; all numbers must be finite";
        assertThatThrownBy(weights::check).isInstanceOf(DataException.class).hasMessage(message);
        assertThatThrownBy(() -> MemoryWeights.of(weights)).hasMessage(message);
        assertThatThrownBy(() -> new BaseSession(weights, Precision.FLOAT32, "cpu"))
                .isInstanceOf(DataException.class)
                .hasMessage(message);
    }
}
