package coterie.topology.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record that scenarios choose by name: a topology, a latency model, a trust strategy. The record's components
 * are its settings, each with a {@link Setting}; its constructor refuses values that make no sense, with an
 * {@link IllegalArgumentException} whose message begins with the setting's key.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Component {
    /** Its name in scenario files: lower-case words joined by hyphens. */
    String name();

    /** What it is, in one line, for {@code coterie list} and the reference. */
    String about();
}
