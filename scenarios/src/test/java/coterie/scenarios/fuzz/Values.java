package coterie.scenarios.fuzz;

import java.util.List;
import java.util.Random;

/** Values that readers tend to get wrong. */
final class Values {
    /** Numbers that JSON and YAML both know. */
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "1",
            "2",
            "3",
            "0.5",
            "0.999999999",
            "1.0000001",
            "-0.5",
            "7",
            "64",
            "1000",
            "65536",
            "1000000",
            "1000001",
            "16777217",
            "2000000000",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
            "1e3",
            "1.5e1",
            "3e7",
            "1e12",
            "1e18",
            "1e19",
            "1e38",
            "1e39",
            "1e308",
            "-1e308",
            "1e309",
            "1e-3",
            "1e-45",
            "1e-320",
            "4.9e-324",
            "1e-400",
            "0.1e1",
            "1E+2");
    /** Numbers of YAML alone, and of JSON readers that are too kind. */
    private static final List<String> ODD_NUMBERS = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            ".nan",
            ".inf",
            "-.inf",
            ".NaN",
            "010",
            "0o10",
            "0x10",
            "0b11",
            "1_000",
            "1:30",
            "+1",
            "1.",
            ".5",
            "1e",
            "--1",
            "1,5",
            "1 000");

    private static final List<String> STRINGS = List.of(
            "",
            " ",
            "null",
            "~",
            "true",
            "yes",
            "no",
            "off",
            "0.7",
            "5",
            "ring",
            "local",
            "every-turn",
            "builtin:tiny",
            "builtin:",
            "builtin:none",
            "text",
            "ag-news",
            "/dev/null",
            "/none/such",
            ".",
            "~/x",
            "a b",
            "a:b",
            "a: b",
            "# c",
            "[",
            "{",
            "- x",
            "'",
            "\"",
            "%d",
            "%s%n",
            "${x}",
            "\\u0000",
            "x\u0000y",
            "\u0001\u001b[31m",
            "line\nline",
            "tab\tx",
            "\u00fc\u00df\u00e9",
            "\u65e5\u672c\u8a9e",
            "\ud83d\ude00",
            "\ud83d",
            "\ufeff",
            "\u202eabc",
            "\u2028",
            "\u0085",
            "a\u0301",
            "C:\\x",
            "file:///etc/hosts",
            "http://127.0.0.1:9/",
            "1..3",
            "2026-11-26",
            "<|endoftext|>",
            "every-0-turns",
            "budget-99999999",
            "older-than-999999999-seconds",
            "*",
            "&x",
            "!!int 3",
            "|",
            ">",
            "@",
            "`");
    private static final List<String> YAML = List.of(
            "*gone",
            "&a 1",
            "&a [*a]",
            "!!str 1",
            "!!int \"3\"",
            "!!float 1",
            "!!null ''",
            "!!binary SGVsbG8=",
            "!!set {a}",
            "!coterie x",
            "!!java.net.URL x",
            "~",
            "yes",
            "No",
            "on",
            "2026-11-26",
            "? x",
            "|\n  text",
            ">-\n  text",
            "'it''s'",
            "\"\\x41\"",
            "\"\\ud83d\"",
            "{a: 1, a: 2}",
            "[1, 2",
            "{a: 1",
            "]",
            "[,]",
            "[1,,2]",
            "- 1",
            "a: b",
            "%x",
            "@x",
            "`x`",
            "<<",
            "=",
            "<<: 1",
            "'open",
            "\"open",
            "[*x, &x 1]",
            "&x",
            "*",
            "!",
            "!<>",
            "! x");
    private static final int HUGE_STRING = 200_000;
    private static final int DEEPEST = 4000;

    private Values() {}

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    /** A number as text that a JSON reader takes. */
    static String number(Random random) {
        return random.nextInt(8) == 0
                ? String.valueOf(random.nextLong())
                : random.nextInt(8) == 0 ? String.valueOf(random.nextGaussian() * 100) : one(NUMBERS, random);
    }

    /** A number that some readers take and others do not. */
    static String oddNumber(Random random) {
        return one(ODD_NUMBERS, random);
    }

    static String string(Random random) {
        return switch (random.nextInt(16)) {
            case 0 -> "x".repeat(1 + random.nextInt(HUGE_STRING));
            case 1 ->
                random.ints(1 + random.nextInt(12), 0, 0x250)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            default -> one(STRINGS, random);
        };
    }

    /** What means something of its own in YAML, or nothing at all. */
    static String yaml(Random random) {
        return one(YAML, random);
    }

    /** Lists in lists, or maps in maps. */
    static String deep(Random random) {
        int depth = 2 + random.nextInt(random.nextBoolean() ? 20 : DEEPEST);
        return random.nextBoolean()
                ? "[".repeat(depth) + "]".repeat(depth)
                : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }
}
