package coterie.scenarios.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import coterie.actors.cluster.Node;
import org.slf4j.LoggerFactory;

/** Forwards this node's warnings to the process that started the run, which logs them with those of the other nodes. */
final class LogForwarding extends AppenderBase<ILoggingEvent> {
    private static final String OURS = "coterie";
    private final Node node;

    private LogForwarding(Node node) {
        this.node = node;
    }

    /** Forwards until it is closed. */
    static void during(Node node, Runnable something) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        LogForwarding forwarding = new LogForwarding(node);
        forwarding.setContext(root.getLoggerContext());
        forwarding.start();
        root.addAppender(forwarding);
        try {
            something.run();
        } finally {
            root.detachAppender(forwarding);
            forwarding.stop();
        }
    }

    @Override
    protected void append(ILoggingEvent e) {
        // Messages about the transport would be sent by the transport.
        if (e.getLevel().isGreaterOrEqual(Level.WARN) && e.getLoggerName().startsWith(OURS)) {
            node.say(e.getFormattedMessage());
        }
    }
}
