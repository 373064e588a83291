package coterie.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.protocol.Participant;
import coterie.actors.user.UserProcess;
import coterie.model.files.FieldState;
import coterie.model.files.Unsaved;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every mutable field of a user is in its checkpoint: it is in a {@link FieldState}, or marked {@link Unsaved}. */
class StateTest {
    private static List<Class<?>> classes() throws IOException, URISyntaxException {
        Path root = Path.of(UserProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(root.resolve("coterie/actors"))) {
            return files.filter(f -> f.toString().endsWith(".class"))
                    .map(f -> root.relativize(f).toString())
                    .map(f -> f.substring(0, f.length() - ".class".length()).replace('/', '.'))
                    .<Class<?>>map(StateTest::load)
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, StateTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static Stream<Field> fields(Class<?> c) {
        return Arrays.stream(c.getDeclaredFields())
                .filter(f -> !Modifier.isStatic(f.getModifiers()) && !f.isSynthetic());
    }

    private static boolean isState(Field f) {
        return FieldState.class.isAssignableFrom(f.getType());
    }

    /** Whether instances live as long as their user, and change. */
    private static boolean keepsState(Class<?> c) {
        boolean holds = fields(c).anyMatch(f -> isState(f) || f.isAnnotationPresent(Unsaved.class));
        return !c.isRecord()
                && !FieldState.class.isAssignableFrom(c)
                && (holds || Participant.class.isAssignableFrom(c) && !c.isInterface());
    }

    private static boolean mutable(Field f) {
        Class<?> t = f.getType();
        return !Modifier.isFinal(f.getModifiers())
                || t.isArray()
                || Collection.class.isAssignableFrom(t)
                || Map.class.isAssignableFrom(t);
    }

    @Test
    void mutableFieldsAreInTheStateOrSayWhyNot() throws IOException, URISyntaxException {
        List<Class<?>> all = classes().stream().filter(StateTest::keepsState).toList();
        assertThat(all).as("users, their participants, inboxes and traces").hasSizeGreaterThan(10);
        for (Class<?> c : all) {
            assertThat(fields(c).filter(f -> mutable(f) && !isState(f) && !f.isAnnotationPresent(Unsaved.class)))
                    .as(c.getName())
                    .isEmpty();
        }
    }
}
