package coterie.model.files;

/**
 * Marks a class whose instances {@link RecordCodec} writes field by field, in the order of the fields' names: mutable
 * state that is declared once, where it is used. All fields that are not static are written. The class needs a
 * constructor without parameters.
 */
public interface FieldState {}
