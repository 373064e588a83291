package coterie.topology.trace;

import coterie.topology.random.RandomStream;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recorded training times of network layers on phones, as in FLASH's regression data. The file has the columns
 * {@code phone}, {@code layer} and {@code seconds}.
 */
public final class LayerTimes {
    private final List<List<double[]>> phones;

    private LayerTimes(List<List<double[]>> phones) {
        this.phones = phones;
    }

    /** @throws IllegalArgumentException if the file cannot be read or its content is invalid */
    public static LayerTimes read(String path) {
        TraceFile file = new TraceFile(path);
        Map<String, Map<String, List<Double>>> all = new LinkedHashMap<>();
        file.read(
                List.of("phone", "layer", "seconds"),
                (f, line) -> all.computeIfAbsent(file.name(f[0], line, "phone"), p -> new LinkedHashMap<>())
                        .computeIfAbsent(f[1], l -> new ArrayList<>())
                        .add(file.seconds(f[2], line, "seconds")));
        if (all.isEmpty()) {
            throw file.empty();
        }
        all.forEach((phone, layers) -> {
            double longest =
                    layers.values().stream().mapToDouble(Collections::max).sum();
            if (longest > Ticks.LONGEST_SECONDS) {
                throw new IllegalArgumentException(path + ": the layers of phone " + TraceFile.shown(phone)
                        + " together may take " + longest + " s, more than "
                        + TraceFile.written(Ticks.LONGEST_SECONDS));
            }
        });
        List<List<double[]>> phones = new ArrayList<>();
        for (Map<String, List<Double>> layers : all.values()) {
            phones.add(layers.values().stream()
                    .map(x -> x.stream().mapToDouble(Double::doubleValue).toArray())
                    .toList());
        }
        return new LayerTimes(phones);
    }

    public int phones() {
        return phones.size();
    }

    /**
     * The seconds of one pass through all layers of a phone: the sum of one recorded time per layer, drawn from a
     * stream.
     */
    public double seconds(int phone, RandomStream drawn) {
        double sum = 0;
        for (double[] layer : phones.get(phone)) {
            sum += layer[drawn.below(layer.length)];
        }
        return Math.max(1e-9, sum);
    }
}
