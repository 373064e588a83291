package coterie.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private enum Colour {
        RED,
        GREEN
    }

    private record Leaf(float[] values, Colour colour, Integer maybe) {}

    private record Tree(
            String name,
            long number,
            double x,
            boolean yes,
            List<Leaf> leaves,
            Map<Integer, Double> weights,
            int[] ints,
            long[] longs,
            double[] doubles,
            boolean[] flags,
            Sealed sealed) {}

    private record Unlisted(int x) {}

    /** Not a record: it has an encoding of its own. */
    private static final class Sealed {
        private final String text;

        Sealed(String text) {
            this.text = text;
        }

        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final RecordCodec codec = new RecordCodec(
            List.of(Tree.class, Leaf.class, Colour.class),
            List.of(new RecordCodec.Encoded<>(
                    Sealed.class, Sealed::bytes, b -> new Sealed(new String(b, StandardCharsets.UTF_8)))));

    private static Tree tree(float[] shared) {
        return new Tree(
                "eiche",
                -5,
                Double.NaN,
                true,
                Arrays.asList(new Leaf(shared, Colour.GREEN, null), null, new Leaf(shared, Colour.RED, 7)),
                Map.of(3, 0.5),
                new int[] {1, -1},
                new long[] {Long.MAX_VALUE},
                new double[] {-0.0},
                new boolean[] {true, false},
                new Sealed("ß"));
    }

    @Test
    void whatWasWrittenIsReadAndWhatWasOneObjectIsOneStill() throws IOException {
        float[] shared = new float[40_000];
        shared[39_999] = Float.intBitsToFloat(0x7fc00001);
        byte[] bytes = codec.bytes(tree(shared));
        assertThat(bytes.length).as("the array is there once").isLessThan(170_000);
        Tree t = (Tree) codec.read(bytes);
        assertThat(t.name()).isEqualTo("eiche");
        assertThat(t.x()).isNaN();
        assertThat(t.leaves().get(1)).isNull();
        assertThat(t.leaves().get(0).values()).isSameAs(t.leaves().get(2).values());
        assertThat(Float.floatToRawIntBits(t.leaves().get(0).values()[39_999])).isEqualTo(0x7fc00001);
        assertThat(t.leaves().get(0).maybe()).isNull();
        assertThat(t.leaves().get(2).maybe()).isEqualTo(7);
        assertThat(t.weights()).containsEntry(3, 0.5);
        assertThat(t.sealed().text).isEqualTo("ß");
        assertThat(t.flags()).containsExactly(true, false);
    }

    @Test
    void onlyWhatIsOnTheListIsWritten() {
        assertThatThrownBy(() -> codec.bytes(List.of(new Unlisted(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unlisted");
    }

    @Test
    void bytesThatAreSomethingElseAreRefused() throws IOException {
        byte[] good = codec.bytes(tree(new float[10]));
        for (int cut = 0; cut < good.length; cut++) {
            byte[] torn = Arrays.copyOf(good, cut);
            assertThatThrownBy(() -> codec.read(torn)).isInstanceOf(IOException.class);
        }
        byte[] other = good.clone();
        other[0] = 99;
        assertThatThrownBy(() -> codec.read(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such tag");
    }

    @Test
    void nothingLargerThanWhatCameIsMadeRoomFor() {
        byte[] bytes = codec.bytes(new long[3]);
        bytes[1] = 0x7f;
        assertThatThrownBy(() -> codec.read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a length of");
        byte[] nested = new byte[5 * 200_000];
        byte[] one = codec.bytes(List.of(List.of()));
        for (int k = 0; k < nested.length; k++) {
            nested[k] = one[k % 5];
        }
        assertThatThrownBy(() -> codec.read(nested))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void aTypeWithAnEncodingOfItsOwnMayHaveAnother() throws IOException {
        RecordCodec other = codec.with(
                new RecordCodec.Encoded<>(Sealed.class, s -> new byte[0], b -> new Sealed("other")),
                new RecordCodec.Encoded<>(
                        Leaf.class, l -> new byte[] {1}, b -> new Leaf(null, Colour.RED, (int) b[0])));
        Tree t = (Tree) other.read(other.bytes(tree(new float[1])));
        assertThat(t.sealed().text).isEqualTo("other");
        assertThat(t.leaves().get(0)).isEqualTo(new Leaf(null, Colour.RED, 1));
        assertThatThrownBy(() -> codec.with(new RecordCodec.Encoded<>(Unlisted.class, x -> null, x -> null)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
