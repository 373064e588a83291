package coterie.scenarios.config;

import coterie.model.adapter.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Names of enum constants in scenario files. */
final class EnumNames {
    private EnumNames() {}

    /** Returns the name of a constant in files. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The names that a value of a type may have, as files write them; empty if it is not chosen by name. */
    static List<String> choices(Class<?> type) {
        if (type == Target.class) {
            return Target.names();
        }
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants())
                        .map(c -> of((Enum<?>) c))
                        .toList()
                : List.of();
    }
}
