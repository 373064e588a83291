package coterie.topology.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting of a {@link Component}. Its key is the record component's name in snake case, beside the key that chooses
 * the component.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default, as a scenario file would write it; {@code ~} for unset. */
    String value() default "~";

    /**
     * Where it stands instead, as a key path inside the block, among the settings that all components have. Its default
     * is that of the block; where the file leaves it unset, the component's constructor may fill it in.
     */
    String at() default "";

    /**
     * Whether a setting that stands elsewhere means something else under each component, so that another component does
     * not take it over.
     */
    boolean own() default false;

    /** Whether it names a file. */
    boolean file() default false;
}
