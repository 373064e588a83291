package coterie.topology.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record that scenarios select by name, such as a topology, a latency model or a trust strategy. The record
 * components are its settings, each with a {@link Setting}. The constructor rejects invalid values with an
 * {@link IllegalArgumentException} whose message begins with the key of the setting.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Component {
    /** The name in scenario files: lower-case words joined by hyphens. */
    String name();

    /** A one-line description for {@code coterie list} and the reference. */
    String about();
}
