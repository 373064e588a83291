package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigFactory;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.model.learn.NullLearner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchdogTest {
    @Test
    void whenNothingGoesOnTheLogNamesTheUserAndTheInstant() throws Exception {
        CompletableFuture<String> warned = new CompletableFuture<>();
        AppenderBase<ILoggingEvent> listening = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getFormattedMessage().contains("the run has not advanced for")) {
                    warned.complete(event.getFormattedMessage());
                }
            }
        };
        listening.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(listening);
        SimulationConfig config = SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Ring().build(2, 1)))
                .compute(new ComputeTime.Constant(10))
                .schedule(new TurnSchedule(5, 0, 1, 0))
                .build();
        Learner stuckInItsThirdTurn = new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                return plan.turn() == 2 ? new CompletableFuture<>() : new NullLearner(1, new float[1]).turn(plan);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        try (Engine engine = new Engine(
                        ConfigFactory.parseString("coterie.watchdog = 50ms").withFallback(ConfigFactory.load()));
                Simulation s = engine.start(
                        config,
                        List.of(new NullLearner(0, new float[1]), stuckInItsThirdTurn),
                        o -> {},
                        new Simulation.Virtual())) {
            assertThat(s).isNotNull();
            // Its third turn begins with an evaluation whose result is not yet known.
            assertThat(warned.get(2, TimeUnit.MINUTES))
                    .contains("at 20.0 virtual seconds")
                    .contains("users [1]");
        } finally {
            root.detachAppender(listening);
        }
    }
}
