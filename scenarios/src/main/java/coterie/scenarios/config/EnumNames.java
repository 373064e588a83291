package coterie.scenarios.config;

import coterie.topology.settings.Written;
import java.util.Locale;

/** Names of enumeration constants in scenario files. */
final class EnumNames {
    private EnumNames() {}

    /** A constant as files write it. */
    static String of(Enum<?> constant) {
        return constant instanceof Written written
                ? written.text()
                : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
