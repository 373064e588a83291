package coterie.topology.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting of a {@link Component}. Its key is the name of the record component in snake case, next to the key that
 * selects the component.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default in the syntax of scenario files; {@code ~} for unset. */
    String value() default "~";

    /**
     * The key path inside the block if the setting is stored among those common to all components. The block then
     * provides the default; if the file leaves it unset, the constructor of the component may choose a value.
     */
    String at() default "";

    /**
     * Whether a common setting has a different meaning under each component, so that it is not carried over when
     * another component is selected.
     */
    boolean own() default false;

    /** Whether the value is the path of a file. */
    boolean file() default false;
}
