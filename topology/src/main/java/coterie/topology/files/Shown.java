package coterie.topology.files;

/** Makes text from files and libraries safe for messages. */
public final class Shown {
    private Shown() {}

    /**
     * Returns a text on one line, truncated if it is long. Control and invisible characters are escaped, so that a file
     * cannot control the terminal.
     *
     * @param most maximum number of code points kept
     */
    public static String of(String text, int most) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(most).forEach(c -> {
            if (hidden(c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > most ? out + "…" : out.toString();
    }

    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
