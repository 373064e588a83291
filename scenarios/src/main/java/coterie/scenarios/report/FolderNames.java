package coterie.scenarios.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Short names of folders, which do not tell where on this machine the folders lie, and links between them. */
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

    /**
     * A relative URL.
     *
     * <p>Worked example: from {@code /runs} to {@code /runs/50 %/report.html} it is {@code 50%20%25/report.html}.
     */
    static String link(Path from, Path to) {
        String path =
                from.toAbsolutePath().relativize(to.toAbsolutePath()).toString().replace('\\', '/');
        try {
            // A first segment with a colon would be a scheme.
            return (path.split("/", 2)[0].contains(":") ? "./" : "")
                    + new URI(null, null, "/" + path, null).getRawPath().substring(1);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
