package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import coterie.actors.user.SimulationConfig;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.CrashRate;
import coterie.topology.network.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserGroupTest {
    private static final String PHONES = """
            users: 6
            groups:
              - name: phones
                ids: [1, 4]
                time:
                  compute: {model: constant, seconds: 90}
                participation: {model: bernoulli, probability: 0.25}
                faults: {crashes_per_hour: 6}
                data: {train_tokens: 5000}
              - name: laptops
                share: 0.5
                time.bandwidth: {model: constant}
                time.latency: {model: constant, ms: 400}
            """;

    private static Loaded read(String text, String... set) {
        return ScenarioReader.read(Path.of("s.yaml"), text, List.of(set));
    }

    private static List<String> mistakes(String text) {
        InputException e = catchThrowableOfType(InputException.class, () -> read(text));
        assertThat(e).as("refused").isNotNull();
        return e.mistakes();
    }

    private static String group(String settings) {
        return "users: 6\ngroups:\n  - {name: phones, " + settings + "}\n";
    }

    @Test
    void aGroupHasModelsOfItsOwnAndTheirDefaults() {
        Scenario s = read(PHONES).scenario();
        UserGroup phones = s.groups().get(0);
        assertThat(phones.ids()).containsExactly(1, 4);
        assertThat(phones.time().compute()).isEqualTo(new ComputeTime.Constant(90));
        assertThat(phones.time().latency()).isNull();
        assertThat(phones.participation()).isEqualTo(new Participation.Bernoulli(0.25));
        UserGroup laptops = s.groups().get(1);
        assertThat(laptops.time().bandwidth()).as("by key path").isEqualTo(new Bandwidth.Constant(10, 50));
        assertThat(laptops.participation()).isNull();
        assertThat(UserGroup.groups(s).names()).containsExactly("phones", "laptops", "others");
        assertThat(UserGroup.trainTokens(s)).containsExactly(20000, 5000, 20000, 20000, 5000, 20000);
        assertThat(s.deviceFaults().any()).isTrue();
        assertThat(s.deviceFaults().rates().of(4)).isEqualTo(new CrashRate(6, 60));
        assertThat(s.deviceFaults().rates().of(0).perHour()).isZero();
    }

    @Test
    void theSimulationFollowsTheGroups() {
        SimulationConfig config = SimulationConfigs.of(read(PHONES).scenario(), null);
        assertThat(config.pace().seconds(1, 3)).isEqualTo(90);
        assertThat(config.pace().seconds(0, 3)).isNotEqualTo(90);
        assertThat(config.links().least()).isEqualTo(0.02);
        assertThat(IntStream.range(0, 6)
                        .filter(u -> Double.isFinite(config.lines().mostUp(u))))
                .hasSize(3);
        assertThat(IntStream.range(0, 8).allMatch(turn -> config.collaboration().collaborates(0, turn)))
                .isTrue();
        assertThat(IntStream.range(0, 8).allMatch(turn -> config.collaboration().collaborates(1, turn)))
                .isFalse();
    }

    @Test
    void theResolvedScenarioIsRead() {
        Loaded loaded = read(PHONES);
        Loaded again = read(loaded.yaml());
        assertThat(again.scenario()).isEqualTo(loaded.scenario());
        assertThat(again.resolved()).isEqualTo(loaded.resolved());
        assertThat(loaded.resolved().at("/groups/1/time/bandwidth/up_mbps").asInt())
                .isEqualTo(10);
        assertThat(read(PHONES, "groups=[]").scenario().groups()).isEmpty();
    }

    @Test
    void filesOfGroupsAreFiles(@TempDir Path folder) throws IOException {
        Path trace = Files.writeString(folder.resolve("layers.csv"), "phone,layer,seconds\na,out,3\n");
        Path file = folder.resolve("s.yaml");
        String text = group("users: 2, time: {compute: {model: trace, path: layers.csv, assign: in-order}}");
        Loaded loaded = ScenarioReader.read(file, text, List.of());
        assertThat(loaded.files()).contains("groups.0.time.compute.path");
        assertThat(((ComputeTime.Trace) loaded.scenario().groups().get(0).time().compute()).path())
                .isEqualTo(trace.toString());
    }

    @Test
    void everyMistakeIsToldWithItsPlace() {
        assertThat(mistakes("""
                        users: 6
                        groups:
                          - name: phones
                            users: 2
                            shar: 0.5
                            time:
                              compute: {model: fast}
                              latency: {model: constant, sm: 3}
                              loss: 0.5
                            participation: {model: always, idle: sleep}
                          - {users: 2, name: others}
                          - {name: both, users: 2, share: 0.5}
                          - {name: none, faults: {crashes_per_hour: -1}}
                        """))
                .satisfiesExactly(
                        m -> assertThat(m)
                                .startsWith("s.yaml:5: groups.0.shar: unknown key; allowed here: name, users"),
                        m -> assertThat(m)
                                .startsWith("s.yaml:7: groups.0.time.compute.model: found \"fast\", allowed:"),
                        m -> assertThat(m).startsWith("s.yaml:8: groups.0.time.latency.sm: unknown key"),
                        m -> assertThat(m).startsWith("s.yaml:9: groups.0.time.loss: unknown key"),
                        m -> assertThat(m).startsWith("s.yaml:10: groups.0.participation.idle: unknown key"),
                        m -> assertThat(m).startsWith("s.yaml:11: groups.1.name: name must be"),
                        m -> assertThat(m).startsWith("s.yaml:12: groups.2: one of users, share and ids"),
                        m -> assertThat(m).startsWith("s.yaml:13: groups.3.faults.crashes_per_hour: crashes_per_hour"));
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        refused(group("ids: [1, 6]"), "s.yaml:3: groups.0.ids: users are 0 to 5, found 6");
        refused(group("users: 7"), "s.yaml:3: groups.0.users: must be at most 6");
        refused(group("share: 0.01"), "s.yaml:3: groups.0.share: leaves the group without users");
        refused(
                group("users: 1, time.compute: {model: constant}, time: {compute: {model: constant}}"),
                "s.yaml:3: groups.0.time.compute: is given twice");
        refused(
                group("users: 1, time.compute: {model: trace, path: gone.csv}"),
                "s.yaml:3: groups.0.time.compute: gone.csv: there is no such file");
        refused(
                group("users: 1, data: {mixture: {english: 0.5}}"),
                "s.yaml:3: groups.0.data.mixture: shares must not be negative and must sum to 1");
        refused(
                group("users: 1, data: {train_tokens: 60}"),
                "s.yaml:3: groups.0.data.train_tokens: must be at least 65 (training.context + 1), found 60");
        refused(
                group("users: 1, data: {train_rows: 60}"),
                "s.yaml:3: groups.0.data.train_rows: has no effect with model.learner lora; use train_tokens, found 60");
        refused(group("users: 1, time: soon"), "s.yaml:3: groups.0.time: must be a map");
        refused(group("users: 1, participation: seldom"), "s.yaml:3: groups.0.participation: must be");
        refused("users: 6\ngroups: {name: phones, users: 2}\n", "s.yaml:2: groups: must be a list");
        refused("users: 6\ngroups: [phones]\n", "s.yaml:2: groups.0: must be a map");
    }

    private static void refused(String text, String begin) {
        assertThat(mistakes(text)).singleElement().satisfies(m -> assertThat(m).startsWith(begin));
    }
}
