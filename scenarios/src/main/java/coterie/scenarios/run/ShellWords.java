package coterie.scenarios.run;

import java.util.List;
import java.util.stream.Collectors;

/** Command lines as a person types them in a shell. */
public final class ShellWords {
    private static final String PLAIN = "[A-Za-z0-9_./:=,@%+-]+";

    private ShellWords() {}

    /** Joins words; quotes those with blanks and other characters that a shell interprets. */
    public static String join(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches(PLAIN) ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
