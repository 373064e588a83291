package coterie.model.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types that {@link RecordCodec} may write. Each has a number, its place, which is part of the format. */
final class RecordTypes {
    private final Map<Integer, Class<?>> types;
    private final Map<Class<?>, Integer> places;
    /** By place; null for enums. */
    private final Map<Integer, Shape> shapes;
    /** By place. */
    private final Map<Integer, RecordCodec.Encoded<?>> encoded;

    private RecordTypes(
            Map<Integer, Class<?>> types,
            Map<Class<?>, Integer> places,
            Map<Integer, Shape> shapes,
            Map<Integer, RecordCodec.Encoded<?>> encoded) {
        this.types = types;
        this.places = places;
        this.shapes = shapes;
        this.encoded = encoded;
    }

    /** Numbers types from 0, then those with encodings of their own. */
    static RecordTypes of(List<Class<?>> types, List<RecordCodec.Encoded<?>> encoded) {
        List<Class<?>> all = new ArrayList<>(types);
        encoded.forEach(e -> all.add(e.type()));
        return new RecordTypes(Map.of(), Map.of(), Map.of(), Map.of())
                .with(0, all)
                .with(encoded);
    }

    /** Replaces the encodings of some types. */
    RecordTypes with(List<RecordCodec.Encoded<?>> more) {
        Map<Integer, RecordCodec.Encoded<?>> all = new HashMap<>(encoded);
        more.forEach(e -> all.put(place(e.type()), e));
        return new RecordTypes(types, places, shapes, all);
    }

    /** Adds types. */
    RecordTypes with(int first, List<Class<?>> more) {
        RecordTypes all = new RecordTypes(new HashMap<>(types), new HashMap<>(places), new HashMap<>(shapes), encoded);
        for (int k = 0; k < more.size(); k++) {
            Class<?> t = more.get(k);
            if (all.places.putIfAbsent(t, first + k) != null || all.types.putIfAbsent(first + k, t) != null) {
                throw new IllegalArgumentException(t.getName() + " is on the list already, or its place is taken");
            }
            all.shapes.put(first + k, Shape.of(t));
        }
        return all;
    }

    /** @throws IllegalArgumentException for a type that is not on the list */
    int place(Class<?> type) {
        Integer p = places.get(type);
        if (p == null) {
            throw new IllegalArgumentException(type.getName() + " is not on the list of types that may be written");
        }
        return p;
    }

    /** The type at a place; null if there is none. */
    Class<?> type(int place) {
        return types.get(place);
    }

    /** The components of the type at a place; null for an enum. */
    Shape shape(int place) {
        return shapes.get(place);
    }

    /** The encoding of the type at a place; null if its components are written one by one. */
    RecordCodec.Encoded<?> encoding(int place) {
        return encoded.get(place);
    }
}
