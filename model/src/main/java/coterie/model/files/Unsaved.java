package coterie.model.files;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a mutable field of a class with a {@link FieldState} that is not part of a checkpoint, with the reason. A test
 * finds mutable fields that are neither in the state nor marked.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Unsaved {
    /** Why the field need not be saved. */
    String value();
}
