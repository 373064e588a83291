package coterie.topology.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void controlAndInvisibleCharactersAreEscaped() {
        assertThat(Shown.of("a\u001b[2J\n\u202eb\u2028\ud800", 80))
                .isEqualTo("a\\u001b[2J\\u000a\\u202eb\\u2028\\ud800");
    }

    @Test
    void longTextIsTruncatedBetweenCharacters() {
        assertThat(Shown.of("\ud83d\ude00\ud83d\ude00", 2)).isEqualTo("\ud83d\ude00\ud83d\ude00");
        assertThat(Shown.of("\ud83d\ude00\ud83d\ude00", 1)).isEqualTo("\ud83d\ude00…");
    }
}
