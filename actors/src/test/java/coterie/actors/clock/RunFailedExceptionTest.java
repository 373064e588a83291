package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RunFailedExceptionTest {
    @Test
    void filesThatFailAreToldWithTheReason() {
        assertThat(RunFailedException.inWords(
                        new CompletionException(new UncheckedIOException(new AccessDeniedException("events.jsonl")))))
                .isEqualTo("events.jsonl: permission denied");
        assertThat(RunFailedException.inWords(new FileSystemException("turns.jsonl", null, "No space left on device")))
                .isEqualTo("turns.jsonl: No space left on device");
    }
}
