package coterie.actors.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that an actor system which ends does end. Artery waits for its streams without bound, and under TLS one of
 * them sometimes misses the signal to stop (seen once in ten times, two nodes in one JVM, one core busy): the port
 * would stay bound, and whoever waits would wait for ever.
 */
final class Termination {
    /** Flushing takes up to a second, and the rest no time. */
    private static final long PATIENCE_SECONDS = 5;

    private Termination() {}

    /** To be called when the guardian has stopped. */
    static void guardianStopped(ActorSystem<?> system) {
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (!system.getWhenTerminated().toCompletableFuture().isDone()) {
                LoggerFactory.getLogger(Termination.class)
                        .info("connections have not ended in {} s, and are cut", PATIENCE_SECONDS);
                Adapter.toClassic(system)
                        .actorSelection("/system/Materializers/*")
                        .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
            }
        });
    }
}
