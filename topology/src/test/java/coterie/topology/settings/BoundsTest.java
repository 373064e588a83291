package coterie.topology.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import coterie.topology.availability.Availability;
import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.network.NetworkPartition;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sets every number of every model to extreme values, one at a time. Either the constructor rejects the value, naming
 * its key, or the model yields only valid durations within a time limit.
 */
class BoundsTest {
    private static final double[] NUMBERS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -1,
        -0.0,
        0,
        Double.MIN_VALUE,
        1e-300,
        1e-12,
        0.5,
        1,
        60,
        3e7,
        3e10,
        1e12,
        1e300,
        Double.MAX_VALUE
    };
    private static final int[] WHOLE = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE};
    private static final Population FOUR = new Population(1, 4);

    static List<Record> models() {
        return List.of(
                new Latency.Constant(10),
                new Latency.Uniform(10, 20),
                new Latency.LogNormal(10, 50, 1),
                new ComputeTime.Constant(1),
                new ComputeTime.LogNormal(10, 1),
                new ComputeTime.Stragglers(10, 1, 0.3, 5),
                new ComputeTime.FedScale(500, 1),
                new Participation.Bernoulli(0.5),
                new Participation.Cohort(0.5, 2),
                new Participation.OnlineOffline(60, 1, 0.5),
                new Participation.Diurnal(0.1, 0.9, 10, 24),
                new Links(new Latency.Constant(10), 0.1, 0.1, 0.5, 1000, List.of()),
                new Faults(List.of(), 10, 60, 1, false),
                new Faults.Crash(1, 100, 50.0),
                new NetworkPartition(10, 20, List.of(List.of(0, 1))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void extremeValuesAreRejectedByNameOrHarmless(Record good) throws ReflectiveOperationException {
        RecordComponent[] parts = good.getClass().getRecordComponents();
        for (int k = 0; k < parts.length; k++) {
            boolean real = parts[k].getType() == double.class || parts[k].getType() == Double.class;
            for (int n = 0; n < (real ? NUMBERS.length : parts[k].getType() == int.class ? WHOLE.length : 0); n++) {
                Object value = real ? (Object) NUMBERS[n] : (Object) WHOLE[n];
                Record changed;
                try {
                    changed = with(good, parts, k, value);
                } catch (InvocationTargetException e) {
                    assertThat(e.getCause())
                            .as("%s of %s", value, good)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(key(parts[k].getName()));
                    continue;
                }
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20), () -> exercise(changed), () -> String.valueOf(changed));
            }
        }
    }

    /** The key in scenario files. */
    private static String key(String component) {
        String key = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return key.equals("per_hour") ? "crashes_per_hour" : key;
    }

    private static Record with(Record good, RecordComponent[] parts, int at, Object value)
            throws ReflectiveOperationException {
        Object[] all = new Object[parts.length];
        for (int k = 0; k < all.length; k++) {
            all[k] = k == at ? value : parts[k].getAccessor().invoke(good);
        }
        return good.getClass()
                .getDeclaredConstructor(
                        Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new))
                .newInstance(all);
    }

    private static void exercise(Record model) {
        if (model instanceof Latency l) {
            Latency.Delays d = l.of(FOUR);
            assertValid(d.least(), model);
            Ticks.lookAhead(d.least());
            for (int m = 0; m < 200; m++) {
                assertValid(d.seconds(0, 1, m), model);
            }
        } else if (model instanceof ComputeTime c) {
            ComputeTime.Pace pace = c.of(FOUR, new ComputeTime.Work(Integer.MAX_VALUE, Long.MAX_VALUE));
            for (int t = 0; t < 200; t++) {
                assertValid(pace.seconds(t % 4, t), model);
            }
        } else if (model instanceof Links l) {
            Links.Network n = l.of(FOUR);
            for (int m = 0; m < 200; m++) {
                assertValid(n.delay(0, 1, m, 0), model);
            }
        } else if (model instanceof Participation p) {
            ParticipationSchedule a = p.of(FOUR);
            Availability presence = new Availability(a.sessions(1));
            long tick = 0;
            for (int t = 0; t < 30 && tick < Ticks.END; t++) {
                a.takesPart(1, t);
                presence.at(tick);
                presence.will(Ticks.after(tick, 1000));
                long after = presence.after(tick, Ticks.at(10));
                assertThat(after).as(model.toString()).isGreaterThan(tick);
                tick = Math.min(presence.from(tick), Ticks.after(tick, 1e5));
            }
        } else if (model instanceof Faults f) {
            java.util.Iterator<Faults.Outage> all = f.of(1, 1);
            long last = -1;
            for (int k = 0; k < 1000 && all.hasNext(); k++) {
                Faults.Outage o = all.next();
                assertThat(o.from()).as(model.toString()).isGreaterThan(last).isLessThanOrEqualTo(Ticks.END);
                assertThat(o.until()).as(model.toString()).isGreaterThan(o.from());
                last = o.from();
            }
        }
    }

    private static void assertValid(double seconds, Record model) {
        assertThat(seconds >= 0).as("%s of %s", seconds, model).isTrue();
        assertThat(Ticks.after(0, seconds)).as(model.toString()).isBetween(1L, Ticks.END);
        assertThat(Ticks.after(Ticks.END - 5, seconds)).as(model.toString()).isBetween(Ticks.END - 4, Ticks.END);
    }

    @Test
    void ticksAreClampedToTheEndOfTime() {
        assertThat(Ticks.seconds(Ticks.END)).isEqualTo(Ticks.LONGEST_SECONDS);
        assertThat(Ticks.at(1e300)).isEqualTo(Ticks.END);
        assertThat(Ticks.after(Ticks.at(2e7), 2e7)).isEqualTo(Ticks.END);
        assertThat(Ticks.after(Ticks.END, 1e300)).isEqualTo(Ticks.END);
        assertThat(Ticks.later(Ticks.at(2e7), 2e7))
                .isEqualTo(Ticks.later(0, 1e300))
                .isEqualTo(Ticks.END);
        assertThat(Ticks.plus(Ticks.at(2e7), Ticks.at(2e7))).isEqualTo(Ticks.END);
        assertThat(Ticks.plus(5, 7)).isEqualTo(12);
        assertThatThrownBy(() -> Ticks.after(0, Double.NaN)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void valuesAboveABoundAreReportedWithIt(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> new Faults.Crash(0, 1e12, null))
                .hasMessage("at_seconds must be at most 30000000, found 1.0E12");
        assertThatThrownBy(() -> new Latency.LogNormal(0, 10, 60)).hasMessage("sigma must be at most 10, found 60.0");
        assertThatThrownBy(() -> new Links(new Latency.Constant(1), 0, 0, 0.1, 1e11, List.of()))
                .hasMessage("reordering_ms must be at most 30000000000, found 1.0E11");
        assertThatThrownBy(() -> new Participation.OnlineOffline(60, 1e9, 0.5))
                .hasMessage("sigma must be at most 4, found 1.0E9");
        assertThatThrownBy(() -> new Faults(List.of(), 1e6, 60, 1, false))
                .hasMessage("crashes_per_hour must be at most 3600, found 1000000.0");
        Path table = Files.writeString(folder.resolve("t.csv"), "0,10\n1000000000000,0\n");
        assertThatThrownBy(() -> new Latency.Matrix(table.toString()).of(FOUR))
                .hasMessageContaining("t.csv:2: ")
                .hasMessageContaining("between 0 and 30000000000");
    }
}
