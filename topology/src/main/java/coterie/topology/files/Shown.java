package coterie.topology.files;

/** Text from files and libraries as a message can hold it. */
public final class Shown {
    private Shown() {}

    /**
     * A text on one line, cut where it is long. Characters that a terminal obeys or does not show are escaped: a file
     * must not be able to write to it.
     *
     * @param most characters (code points) that are kept
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
