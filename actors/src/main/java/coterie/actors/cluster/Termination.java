package coterie.actors.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.LoggerFactory;

/**
 * Makes a terminating actor system terminate. Artery waits for its streams without limit, and with TLS a stream
 * sometimes misses the signal to stop (once in ten times, with two nodes in one JVM and one core busy): the port would
 * stay bound, and those waiting for the end would wait forever.
 */
final class Termination {
    /** Flushing takes up to a second; the rest takes no time. */
    private static final long PATIENCE_SECONDS = 5;

    private Termination() {}

    /** To be called when the guardian has stopped. */
    static void guardianStopped(ActorSystem<?> system) {
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (!system.getWhenTerminated().toCompletableFuture().isDone()) {
                LoggerFactory.getLogger(Termination.class)
                        .info("connections have not ended within {} s and are cut", PATIENCE_SECONDS);
                Adapter.toClassic(system)
                        .actorSelection("/system/Materializers/*")
                        .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
            }
        });
    }
}
