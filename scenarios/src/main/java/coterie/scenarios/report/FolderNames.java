package coterie.scenarios.report;

import java.nio.file.Path;
import java.util.List;

/** Short names of folders, which do not tell where on this machine the folders lie. */
final class FolderNames {
    private FolderNames() {}

    /**
     * The folders' paths from the innermost folder in which all of them lie, with slashes.
     *
     * <p>Worked example: {@code /a/runs/x} and {@code /a/runs/x/baselines/local} are {@code x} and
     * {@code x/baselines/local}.
     */
    static List<String> of(List<Path> folders) {
        List<Path> all =
                folders.stream().map(f -> f.toAbsolutePath().normalize()).toList();
        Path common = all.get(0).getParent();
        for (Path f : all) {
            while (common != null && (!f.startsWith(common) || f.equals(common))) {
                common = common.getParent();
            }
        }
        Path from = common;
        return all.stream()
                .map(f -> (from == null ? f : from.relativize(f)).toString().replace('\\', '/'))
                .toList();
    }
}
