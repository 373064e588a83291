package coterie.scenarios.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk to which {@link DiskStep steps} are done, and what may be found on it if the next one is never done. A name
 * lasts when its folder was forced, content when its file was.
 */
final class DiskAfterCrash {
    private static final Node NOTHING = new Node(null);

    /** The disk operations so far. */
    enum Crash {
        /** The process was killed: everything it did is there. */
        KILL,
        /** Power was lost: only what was forced is there, names and content. */
        POWER,
        /** Power was lost; names are there, content that was not forced is not. */
        POWER_NAMES,
        /** Power was lost; names are there, and half of the content that was not forced. */
        POWER_HALVES,
        /** Power was lost; of what was not forced there is something, by lot. */
        POWER_LOTS
    }

    /** A file or a folder. */
    private static final class Node {
        /** Of a folder: by name, now and since it was forced. */
        private final Map<String, Node> names;

        private Map<String, Node> keptNames = Map.of();
        /** Of a file. */
        private byte[] content = new byte[0];

        private byte[] kept = new byte[0];

        Node(Map<String, Node> names) {
            this.names = names;
        }
    }

    private final Node root = new Node(new HashMap<>());
    private final Map<Integer, Node> files = new HashMap<>();

    /** Does a step. */
    void apply(DiskStep step) {
        if (step instanceof DiskStep.MakeFolder m) {
            parent(m.name()).names.put(last(m.name()), new Node(new HashMap<>()));
        } else if (step instanceof DiskStep.Create c) {
            Node file = new Node(null);
            files.put(c.file(), file);
            parent(c.name()).names.put(last(c.name()), file);
        } else if (step instanceof DiskStep.Found f) {
            files.put(f.file(), at(f.name()));
        } else if (step instanceof DiskStep.Write w) {
            Node f = files.get(w.file());
            int end = Math.toIntExact(w.at() + w.bytes().length);
            f.content = Arrays.copyOf(f.content, Math.max(f.content.length, end));
            System.arraycopy(w.bytes(), 0, f.content, (int) w.at(), w.bytes().length);
        } else if (step instanceof DiskStep.Cut c) {
            Node f = files.get(c.file());
            f.content = Arrays.copyOf(f.content, (int) c.length());
        } else if (step instanceof DiskStep.Force f) {
            Node file = files.get(f.file());
            file.kept = file.content.clone();
        } else if (step instanceof DiskStep.ForceFolder f) {
            Node folder = at(f.name());
            folder.keptNames = new HashMap<>(folder.names);
        } else if (step instanceof DiskStep.Rename r) {
            parent(r.to()).names.put(last(r.to()), parent(r.from()).names.remove(last(r.from())));
        } else if (step instanceof DiskStep.Remove r) {
            parent(r.name()).names.remove(last(r.name()));
        }
    }

    /**
     * Everything that was there before is on disk.
     *
     * @param found by name, as {@link #after} tells it
     */
    void begin(Map<String, byte[]> found) {
        int before = 0;
        for (Map.Entry<String, byte[]> e : found.entrySet()) {
            apply(
                    e.getValue() == null
                            ? new DiskStep.MakeFolder(e.getKey())
                            : new DiskStep.Create(e.getKey(), --before));
            if (e.getValue() != null) {
                Node file = at(e.getKey());
                file.content = e.getValue();
                file.kept = e.getValue();
            }
        }
        forceFolders(root);
    }

    private static void forceFolders(Node folder) {
        folder.keptNames = new HashMap<>(folder.names);
        folder.names.values().stream().filter(n -> n.names != null).forEach(DiskAfterCrash::forceFolders);
    }

    private Node at(String name) {
        Node n = root;
        for (String part : name.isEmpty() ? new String[0] : name.split("/")) {
            n = n.names.get(part);
        }
        return n;
    }

    private Node parent(String name) {
        return at(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "");
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The files after a crash at this step: content by name, null for a folder. */
    TreeMap<String, byte[]> after(Crash crash, Random lots) {
        TreeMap<String, byte[]> found = new TreeMap<>();
        add(root, "", crash, lots, found);
        return found;
    }

    private static void add(Node folder, String path, Crash crash, Random lots, Map<String, byte[]> to) {
        TreeSet<String> all = new TreeSet<>(folder.names.keySet());
        all.addAll(folder.keptNames.keySet());
        for (String name : all) {
            Node now = folder.names.getOrDefault(name, NOTHING);
            Node then = folder.keptNames.getOrDefault(name, NOTHING);
            Node n = crash == Crash.POWER || crash == Crash.POWER_LOTS && lots.nextBoolean() ? then : now;
            if (n == NOTHING) {
                continue;
            }
            to.put(path + name, n.names == null ? content(n, crash, lots) : null);
            if (n.names != null) {
                add(n, path + name + "/", crash, lots, to);
            }
        }
    }

    private static byte[] content(Node f, Crash crash, Random lots) {
        int added = Math.max(0, f.content.length - f.kept.length);
        return switch (crash) {
            case KILL -> f.content;
            case POWER, POWER_NAMES -> f.kept;
            case POWER_HALVES -> added == 0 ? f.kept : Arrays.copyOf(f.content, f.kept.length + added / 2);
            case POWER_LOTS ->
                switch (lots.nextInt(4)) {
                    case 0 -> f.kept;
                    case 1 -> f.content;
                    case 2 -> added == 0 ? f.kept : Arrays.copyOf(f.content, f.kept.length + lots.nextInt(added));
                    // Its length made it, and what was added did not.
                    default -> added == 0 ? f.kept : Arrays.copyOf(f.kept, f.content.length);
                };
        };
    }

    /** Names of files and folders that a power loss now would harm. */
    TreeSet<String> unforced() {
        TreeMap<String, byte[]> killed = after(Crash.KILL, null);
        TreeMap<String, byte[]> lost = after(Crash.POWER, null);
        TreeSet<String> all = new TreeSet<>(killed.keySet());
        all.addAll(lost.keySet());
        all.removeIf(name ->
                killed.containsKey(name) && lost.containsKey(name) && Arrays.equals(killed.get(name), lost.get(name)));
        return all;
    }
}
