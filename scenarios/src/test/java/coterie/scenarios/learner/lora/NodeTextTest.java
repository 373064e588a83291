package coterie.scenarios.learner.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.model.text.BpeTrainer;
import coterie.model.text.BuiltinText;
import coterie.model.text.DealtDocuments;
import coterie.model.text.DocumentIndex;
import coterie.model.text.Partition;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a node gets. */
class NodeTextTest {
    private static DocumentIndex index() throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("some text");
        try (Tokenizer tokenizer = Tokenizer.ofJson(trainer.train(260).toTokenizerJson(), "test")) {
            return new Partition(Partition.high(3, 2, Partition.Arrangement.ALTERNATING), 300, 100, 100, 40)
                    .index(new BuiltinText("romance"), tokenizer, 5, new DealtDocuments(), (user, data) -> {})
                    .index();
        }
    }

    @Test
    void isReadAsItIsWritten() throws IOException {
        NodeText text = new NodeText(index().of(new int[] {0, 2}), new int[][] {{5, 70_000, 0}, {}, {1}});

        NodeText read = NodeText.read(text.bytes());

        assertThat(read.shared()).isDeepEqualTo(text.shared());
        assertThat(read.index().bytes()).isEqualTo(text.index().bytes());
    }

    @Test
    void isRefusedIfItEndsEarly() throws IOException {
        byte[] bytes = new NodeText(index(), new int[][] {{5, 70_000, 0}, {1}}).bytes();

        for (int length : new int[] {0, 3, 4, 7, 8, 15, 20, 27, 30}) {
            assertThatThrownBy(() -> NodeText.read(Arrays.copyOf(bytes, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }
}
