package coterie.model.files;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** Splits instances of one record or {@link FieldState} class into parts, and creates instances from parts. */
final class Shape {
    private final Class<?> type;
    private final Constructor<?> constructor;
    /** Null of a {@link FieldState}. */
    private final RecordComponent[] components;
    /** By name; null of a record. */
    private final Field[] fields;

    private Shape(Class<?> type, Constructor<?> constructor, RecordComponent[] components, Field[] fields) {
        this.type = type;
        this.constructor = constructor;
        this.components = components;
        this.fields = fields;
        constructor.setAccessible(true);
    }

    /**
     * The shape of a class.
     *
     * @return null for an enum, and for a class with an encoding of its own
     */
    static Shape of(Class<?> type) {
        try {
            if (type.isRecord()) {
                RecordComponent[] components = type.getRecordComponents();
                for (RecordComponent c : components) {
                    c.getAccessor().setAccessible(true);
                }
                Class<?>[] types =
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
                return new Shape(type, type.getDeclaredConstructor(types), components, null);
            }
            if (!FieldState.class.isAssignableFrom(type)) {
                return null;
            }
            Field[] fields = Arrays.stream(type.getDeclaredFields())
                    .filter(f -> !Modifier.isStatic(f.getModifiers()))
                    .sorted(Comparator.comparing(Field::getName))
                    .toArray(Field[]::new);
            for (Field f : fields) {
                f.setAccessible(true);
            }
            return new Shape(type, type.getDeclaredConstructor(), null, fields);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + " has no constructor without parameters", e);
        }
    }

    /** Number of parts. */
    int size() {
        return components != null ? components.length : fields.length;
    }

    /** A part of an instance, in a form that {@link RecordCodec} writes. */
    Object part(Object instance, int k) {
        try {
            if (components != null) {
                return components[k].getAccessor().invoke(instance);
            }
            Object v = fields[k].get(instance);
            return v instanceof BitSet b
                    ? b.toLongArray()
                    : v instanceof Collection<?> c && !(v instanceof List) ? List.copyOf(c) : v;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Creates an instance.
     *
     * @throws IOException if these are not the parts of one
     */
    Object instance(Object[] parts) throws IOException {
        try {
            if (components != null) {
                return constructor.newInstance(parts);
            }
            Object instance = constructor.newInstance();
            for (int k = 0; k < fields.length; k++) {
                fields[k].set(instance, declared(fields[k].getType(), parts[k]));
            }
            return instance;
        } catch (InvocationTargetException | IllegalArgumentException | ClassCastException e) {
            throw new IOException("no " + type.getSimpleName() + " can be made of what is there", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A value in the form in which its field is declared. */
    private static Object declared(Class<?> type, Object v) {
        if (v == null) {
            return null;
        }
        if (type == TreeMap.class) {
            return new TreeMap<>((Map<?, ?>) v);
        }
        if (type == PriorityQueue.class) {
            return new PriorityQueue<>((Collection<?>) v);
        }
        return type == BitSet.class ? BitSet.valueOf((long[]) v) : v;
    }
}
