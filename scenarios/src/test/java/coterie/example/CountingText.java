package coterie.example;

import coterie.model.text.TextCorpus;
import coterie.model.text.TextSource;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Endless text in two categories: numbers that rise by a step, and numbers that fall by it. */
@Component(name = "counting", about = "example: numbers, rising and falling by a step")
public record CountingText(@Setting("1") int step) implements TextCorpus {
    private static final int NUMBERS = 12;

    public CountingText {
        if (step < 1) {
            throw new IllegalArgumentException("step must be at least 1, found " + step);
        }
    }

    @Override
    public TextSource open() {
        return new TextSource() {
            @Override
            public List<String> categories() {
                return List.of("up", "down");
            }

            @Override
            public Iterator<String> documents(String category, long seed) {
                int sign = category.equals("up") ? 1 : -1;
                return IntStream.iterate(0, first -> first + 1)
                        .mapToObj(first -> IntStream.range(0, NUMBERS)
                                .mapToObj(k -> String.valueOf(first + sign * k * step))
                                .collect(Collectors.joining(" ")))
                        .iterator();
            }

            @Override
            public boolean endless() {
                return true;
            }
        };
    }

    @Override
    public List<Path> files(Path folder) {
        return List.of();
    }
}
