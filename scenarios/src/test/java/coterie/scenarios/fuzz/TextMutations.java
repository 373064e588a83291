package coterie.scenarios.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes to the lines and fields of a text: what editors, spreadsheets and mergers do. */
final class TextMutations {
    private final Random random;

    TextMutations(Random random) {
        this.random = random;
    }

    /** A mutated text. */
    record Mutated(String text, String what) {}

    /** Changes one line, or one field of it, or what stands around the whole. */
    Mutated mutate(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int k = random.nextInt(lines.size());
        String line = lines.get(k);
        String what;
        switch (random.nextInt(20)) {
            case 0 -> {
                what = "a line twice";
                lines.add(k, line);
            }
            case 1 -> {
                what = "a line away";
                lines.remove(k);
            }
            case 2 -> {
                what = "two lines swapped";
                int j = random.nextInt(lines.size());
                lines.set(k, lines.get(j));
                lines.set(j, line);
            }
            case 3 -> {
                what = "a line indented";
                lines.set(k, (random.nextBoolean() ? "\t" : " ".repeat(1 + random.nextInt(4))) + line);
            }
            case 4 -> {
                what = "a line cut";
                lines.set(k, line.substring(0, line.isEmpty() ? 0 : random.nextInt(line.length())));
            }
            case 5 -> {
                what = "lines commented out";
                for (int j = k; j < Math.min(lines.size(), k + 1 + random.nextInt(4)); j++) {
                    lines.set(j, "# " + lines.get(j));
                }
            }
            case 6 -> {
                what = "a second document";
                lines.add(k, "---");
            }
            case 7 -> {
                what = "blank lines";
                lines.add(k, " ".repeat(random.nextInt(3)));
                lines.add(0, "");
            }
            case 8 -> {
                what = "two lines joined";
                if (k + 1 < lines.size()) {
                    lines.set(k, line + lines.remove(k + 1));
                }
            }
            case 9 -> {
                what = "a line parted";
                int at = line.isEmpty() ? 0 : random.nextInt(line.length());
                lines.set(k, line.substring(0, at));
                lines.add(k + 1, line.substring(at));
            }
            case 10 -> {
                what = "all commented out";
                lines.replaceAll(l -> "# " + l);
            }
            case 11 -> {
                what = "a stray line";
                lines.add(
                        k,
                        List.of(
                                        "...",
                                        "%YAML 1.1",
                                        "a: *b",
                                        "<<: *base",
                                        "]",
                                        "- x",
                                        "<x>",
                                        "\"",
                                        "#",
                                        "\u0000",
                                        "0,0,0,0,0",
                                        "0 0",
                                        "<|endoftext|> ",
                                        "=======",
                                        "<<<<<<< HEAD")
                                .get(random.nextInt(15)));
            }
            case 12 -> {
                what = "empty";
                lines = new ArrayList<>(List.of(""));
            }
            default -> {
                what = "a field changed";
                lines.set(k, field(line));
            }
        }
        return new Mutated(String.join("\n", lines), what);
    }

    /** A number, word or mark of a line becomes another. */
    private String field(String line) {
        List<int[]> fields = new ArrayList<>();
        java.util.regex.Matcher m =
                java.util.regex.Pattern.compile("[\\w.+-]+|[^\\w\\s]").matcher(line);
        while (m.find()) {
            fields.add(new int[] {m.start(), m.end()});
        }
        if (fields.isEmpty()) {
            return Values.string(random);
        }
        int[] f = fields.get(random.nextInt(fields.size()));
        String found = line.substring(f[0], f[1]);
        String now = switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> found + found;
            case 2 -> '"' + found + '"';
            case 3 -> found + ",";
            case 4 -> Values.string(random);
            case 5 -> Values.oddNumber(random);
            case 6 -> Values.number(random);
            default -> "-" + found;
        };
        return line.substring(0, f[0]) + now + line.substring(f[1]);
    }
}
