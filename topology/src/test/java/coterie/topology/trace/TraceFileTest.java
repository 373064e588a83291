package coterie.topology.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.MaxMinFairNetwork;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trace files in the variants that occur in practice. */
class TraceFileTest {
    private static final String HEADER = "trace,time_s,mbps\n";

    @TempDir
    private Path folder;

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("t.csv"), content).toString();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String content) {
        return assertThatThrownBy(() -> BandwidthTraces.read(file(content)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("t.csv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trace,time_s,mbps\na,0,5\na,10,3\n",
                "\ufefftrace,time_s,mbps\r\na,0,5\r\na,10,3",
                "\n\ntrace,time_s,mbps\n\n a , 0 , 5 \n\n\na,10,3\n\n",
                "\"trace\",\"time_s\",\"mbps\"\n\"a\",\"0\",\"5\"\n\"a\",\"10\",\"3\"\n",
                "mbps,note,trace,time_s\n5,\"one, and\nanother\",a,0\n3,,a,1e1\n",
                "trace,time_s,mbps\ra,0,+5.\ra,10,3\r",
                "trace,time_s,mbps\na,1600000000,5\na,1600000010,3\n"
            })
    void variantsOfTheSameTraceAreEqual(String content) throws IOException {
        BandwidthTraces t = BandwidthTraces.read(file(content));
        assertThat(t.size()).isEqualTo(1);
        assertThat(t.length(0)).isEqualTo(Ticks.at(20));
        assertThat(t.mbps(0, Ticks.at(9.9))).isEqualTo(5);
        assertThat(t.mbps(0, Ticks.at(10))).isEqualTo(3);
        assertThat(t.mbps(0, Ticks.at(20))).isEqualTo(5);
        assertThat(t.mbps(0, -1)).isEqualTo(3);
        assertThat(t.untilChange(0, Ticks.at(4))).isEqualTo(Ticks.at(6));
        assertThat(t.most(0)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NaN", "Infinity", "-1", "0x10", "5f", "5d", "five", "", "1e400", "1e12", "1_000", "5 Mbit"})
    void invalidNumbersAreReportedWithTheirLine(String number) {
        assertRefused(HEADER + "a,0,5\na,10," + number + "\n")
                .hasMessageContaining("t.csv:3: mbps must")
                .hasMessageContaining(number);
    }

    @Test
    void otherSeparatorsAndDecimalCommasAreReported() {
        assertRefused("trace;time_s;mbps\na;0;5\n")
                .hasMessageContaining("t.csv:1: needs a column trace")
                .hasMessageContaining("these are separated by ;");
        assertRefused("trace\ttime_s\tmbps\na\t0\t5\n").hasMessageContaining("these are separated by tabs");
        assertRefused(HEADER + "a,0,\"5,5\"\n")
                .hasMessageContaining("t.csv:2: mbps must be a number")
                .hasMessageContaining("use a decimal point");
        assertRefused(HEADER + "a,0,5,5\n").hasMessageContaining("t.csv:2: has 4 fields, the header has 3");
        assertRefused(HEADER + "a,0,5\na,1\n").hasMessageContaining("t.csv:3: has 2 fields, the header has 3");
        assertRefused("a,0,5\n").hasMessageContaining("t.csv:1: needs a column trace, found [a, 0, 5]");
        assertRefused("trace,time_s,time_s,mbps\n").hasMessageContaining("has the column time_s twice");
    }

    @Test
    void unclosedQuotationMarksAreReported() {
        assertRefused(HEADER + "\n\"a,0,5\na,10,3\n")
                .hasMessageContaining("t.csv:3: a quotation mark in this row is never closed");
        assertRefused(HEADER + "\"a\"x,0,5\n")
                .hasMessageContaining("t.csv:2: Unexpected character after closing quote");
    }

    @Test
    void emptyAndUnreadableFilesAreReported() throws Exception {
        assertRefused("").hasMessageContaining("there is nothing in it");
        assertRefused("\n\n").hasMessageContaining("there is nothing in it");
        assertRefused(HEADER).hasMessageContaining("there is nothing in it");
        assertThatThrownBy(() -> BandwidthTraces.read(folder.toString()))
                .hasMessageContaining("is a folder, expected a file");
        assertThatThrownBy(() -> BandwidthTraces.read(folder.resolve("no.csv").toString()))
                .hasMessageContaining("no.csv: there is no such file");
        for (String charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE"}) {
            Path file = Files.write(folder.resolve("t.csv"), (HEADER + "a,0,5\n").getBytes(Charset.forName(charset)));
            assertThatThrownBy(() -> BandwidthTraces.read(file.toString()))
                    .hasMessageContaining("t.csv: byte ")
                    .hasMessageContaining("UTF-16");
        }
        Path latin = Files.write(
                folder.resolve("t.csv"), (HEADER + "Z\u00fcrich,0,5\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> BandwidthTraces.read(latin.toString()))
                .hasMessageContaining("byte 19: 0xFC is not UTF-8");
        Path pipe = folder.resolve("pipe.csv");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> BandwidthTraces.read(pipe.toString())).hasMessageContaining("not a regular file");
    }

    @Test
    void timesMustRiseWithinVirtualTime() {
        assertRefused(HEADER + "a,0,5\nb,0,1\na,0,3\n").hasMessageContaining("t.csv:4: time_s of a trace must rise");
        assertRefused(HEADER + "a,10,5\na,0,3\n").hasMessageContaining("t.csv:3: time_s of a trace must rise");
        assertRefused(HEADER + "a,-1,5\na,0,3\n").hasMessageContaining("t.csv:2: time_s must lie between 0 and");
        assertRefused(HEADER + "a,1600000000000,5\na,1600040000000,3\n")
                .hasMessageContaining("t.csv:3: time_s lies 4.0E7 s after")
                .hasMessageContaining("in seconds?");
        assertRefused(HEADER + "a,0,5\na,2e7,3\n").hasMessageContaining("t.csv:3: trace a has 2 points in 2.0E7 s");
        assertRefused(HEADER + "a,0,5\na,1e-12,3\n").hasMessageContaining("t.csv:3: time_s of a trace must rise");
        assertRefused(HEADER + "a,0,5\na,1e-9,3\n").hasMessageContaining("at least 0.001 s apart");
        assertRefused(HEADER + "a,0,0\na,10,0\nb,0,1\n")
                .hasMessageContaining("t.csv:3: trace a never carries anything");
    }

    @Test
    void hugeFieldsAreReported() {
        assertRefused(HEADER + "\"" + "a".repeat((1 << 24) + 10) + "\",0,1\n")
                .hasMessageContaining("t.csv:2: a field has more than 16777216 characters");
    }

    @Test
    void latencyTablesMustBeSquare() throws IOException {
        assertThat(LatencyTable.read(file("\ufeff0, 30\r\n\"20\",0\r\n\r\n")).ms(1, 0))
                .isEqualTo(20);
        String[][] wrong = {
            {"0;1\n1;0\n", "t.csv:1: milliseconds must be a number"},
            {"0;1\n1;0\n", "these are separated by ;"},
            {"0,1\n1\n", "t.csv:2: has 1 numbers, the first row has 2"},
            {"0,1\n", "must be a square of milliseconds, found 1 rows of 2"},
            {"0,1e12\n1,0\n", "t.csv:1: milliseconds must lie between 0 and 30000000000, found 1e12"},
            {"0,nan\n1,0\n", "found \"nan\""},
            {"", "nothing in it"}
        };
        for (String[] w : wrong) {
            assertThatThrownBy(() -> new Latency.Matrix(file(w[0])).of(new Population(1, 2)))
                    .hasMessageContaining(w[1]);
        }
    }

    @Test
    void layerTimesAndStatesAreValidated() throws IOException {
        assertThatThrownBy(() -> LayerTimes.read(file("phone,layer,seconds\na,x,4e7\n")))
                .hasMessageContaining("t.csv:2: seconds must lie between 0 and 30000000");
        assertThatThrownBy(() -> LayerTimes.read(file("phone,layer,seconds\na,x,2e7\na,y,2e7\n")))
                .hasMessageContaining("phone a together may take 4.0E7 s");
        assertThat(AvailabilityTraces.read(file("device,states\na,01?\n")).slots(0))
                .isEqualTo(3);
        assertThatThrownBy(() -> AvailabilityTraces.read(file("device,states\na,0121\n")))
                .hasMessageContaining("t.csv:2: states")
                .hasMessageContaining("\"2\" at position 3");
        assertThatThrownBy(() -> AvailabilityTraces.read(file("device,states\na,\n")))
                .hasMessageContaining("found nothing");
        assertThatThrownBy(() -> AvailabilityTraces.read(file("device,states\na,1\na,0\n")))
                .hasMessageContaining("t.csv:3: device a appears twice");
    }

    @Test
    void bandwidthMustBePositiveAndFinite() {
        Population two = new Population(1, 2);
        assertThatThrownBy(() -> new Bandwidth.Constant(1e308, 1).of(two))
                .hasMessageContaining("up_mbps must give every link a positive");
        assertThatThrownBy(() -> new Bandwidth.LogNormal(1, 1, 1e5).of(two))
                .hasMessageContaining("sigma must give every link a positive");
        assertThatThrownBy(() -> new Bandwidth.Trace(file(HEADER + "a,0,5\n"), 1e308).of(two))
                .hasMessageContaining("up_share must give every link a positive");
    }

    @Test
    @Timeout(60)
    void aTransferThatNeverEndsDoesNotPreventTermination() throws IOException {
        Bandwidth.Lines lines =
                new Bandwidth.Trace(file(HEADER + "a,0,0\na,3600,0.01\na,3601,0\n"), 1).of(new Population(1, 2));
        MaxMinFairNetwork<Integer> network = new MaxMinFairNetwork<>(lines, 2);
        // The up- and down-link of one user have bandwidth at the same time, those of two users hardly ever.
        network.send(0, 0, 0, 1_000, 1);
        network.send(0, 1, 1, 1_000_000_000, 2);
        List<Integer> arrived = new ArrayList<>();
        int steps = 0;
        for (long next = network.next(); next != Ticks.NEVER; next = network.next()) {
            network.advance(next + 1, (message, tick) -> arrived.add(message));
            assertThat(++steps).as("events").isLessThan(100_000);
        }
        assertThat(arrived).containsExactly(1);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertStatesRefused(String rows) {
        return assertThatThrownBy(() -> AvailabilityTraces.read(file("device,states\n" + rows)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("t.csv");
    }

    @Test
    void emptyNamesAreReported() {
        assertRefused(HEADER + "a,0,1\n,1,2\n").hasMessageContaining("t.csv:3: trace is empty, expected a name");
        assertStatesRefused("a,01\n\" \",01\n").hasMessageContaining("t.csv:3: device is empty");
        assertThatThrownBy(() -> LayerTimes.read(file("phone,layer,seconds\n,x,1\n")))
                .hasMessageContaining("t.csv:2: phone is empty");
    }

    @Test
    void tracesThatAreNeverOnlineAreReported() throws IOException {
        assertStatesRefused("a,0000\nb,00\n").hasMessageContaining("t.csv: no device is ever present");
        assertStatesRefused("a,??\n").hasMessageContaining("no device is ever present");
        assertThat(AvailabilityTraces.read(file("device,states\na,00\nb,01\n")).present(1, 1))
                .isTrue();
    }

    @Test
    void statesWithoutTheirLeadingZerosAreReported() throws IOException {
        assertStatesRefused("a,101\nb,1\nc,10110101\n")
                .hasMessageContaining("t.csv:2: states \"101\" has 3 slots, others have 8")
                .hasMessageContaining("leading zeros lost");
        assertStatesRefused("a,0110\nb,1?10\nc,110\nd,0\n").hasMessageContaining("t.csv:4: states \"110\"");
        for (String rows : new String[] {
            "a,01\nb,0110\nc,0111\n", "a,1?\nb,0110\nc,0111\n", "a,1\nb,0110\n", "a,10\nb,01\nc,11\n", "a,1\n"
        }) {
            assertThat(AvailabilityTraces.read(file("device,states\n" + rows)).devices())
                    .isPositive();
        }
    }
}
