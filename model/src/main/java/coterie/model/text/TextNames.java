package coterie.model.text;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a file's or a folder's name says of it. */
final class TextNames {
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of(
            "thumbs.db",
            "ehthumbs.db",
            "desktop.ini",
            "icon\r",
            "__macosx",
            "__pycache__",
            "$recycle.bin",
            "system volume information",
            "lost+found",
            "@eadir");
    private static final Set<String> LEFT_BY_EDITORS =
            Set.of("bak", "swp", "swo", "tmp", "part", "crdownload", "orig", "lock", "lnk", "old");
    private static final Pattern ABOUT = Pattern.compile("(readme|licen[sc]e|notice)([._-].*)?");
    /**
     * Without those that name languages in corpora, like pt, ps and so: what such a file holds is seen when it is read.
     */
    private static final Set<String> NO_TEXT = words("""
            png jpg jpeg jpe gif bmp tif tiff webp ico heic avif psd
            mp3 wav flac ogg m4a aac mp4 avi mkv mov webm wmv
            zip tar tgz tbz tbz2 txz 7z rar jar cab iso dmg deb rpm whl
            parquet arrow feather orc avro npy npz pth ckpt bin safetensors gguf onnx pkl pickle joblib
            h5 hdf5 mat rds db sqlite sqlite3 mdb
            pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub mobi djvu
            exe dll dylib o a class pyc pyo wasm ttf otf woff woff2 eot
            md5 sha1 sha256 sha512 url webloc gdoc gsheet""");
    /** Text with a structure: people train on code and tables, but may also expect that the structure is read. */
    private static final Set<String> STRUCTURED = words("json jsonl ndjson csv tsv html htm xhtml xml");
    /** What a file's name may have behind its category. */
    private static final Set<String> SUFFIXES = words("txt text lines docs md");

    private static final Set<String> OTHERWISE_COMPRESSED = words("bz2 xz zst zstd lz4 lzma");

    private TextNames() {}

    private static Set<String> words(String text) {
        return Set.copyOf(Arrays.asList(text.strip().split("\\s+")));
    }

    /** Whether what is called so is hidden, or was left there by a system or an editor, be it a file or a folder. */
    static boolean leftBehind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".")
                || name.startsWith("~$")
                || name.endsWith("~")
                || name.startsWith("#") && name.endsWith("#")
                || LEFT_BY_SYSTEMS.contains(lower)
                || LEFT_BY_EDITORS.contains(extension(unzipped(name)));
    }

    /** Whether a file of this name is about the data, or is no text at all. */
    static boolean noText(String name) {
        return name.startsWith("README")
                || name.startsWith("LICENSE")
                || name.startsWith("NOTICE")
                || ABOUT.matcher(unzipped(name)).matches()
                || NO_TEXT.contains(extension(unzipped(name)));
    }

    /** Whether a file of this name holds text in which a program sees more than text. */
    static boolean structured(String name) {
        return STRUCTURED.contains(extension(unzipped(name)));
    }

    /** A category's name: systems write the same letters in different ways, and blanks around them are not seen. */
    static String category(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
    }

    /** A file's name without the suffixes that say how it is to be read, and without numbers of parts. */
    static String unsuffixed(String name) {
        String stem = name.toLowerCase(Locale.ROOT).endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        for (int dot = stem.lastIndexOf('.'); dot > 0; dot = stem.lastIndexOf('.')) {
            String suffix = stem.substring(dot + 1).toLowerCase(Locale.ROOT);
            if (!SUFFIXES.contains(suffix) && !STRUCTURED.contains(suffix) && !suffix.matches("[0-9]+")) {
                break;
            }
            stem = stem.substring(0, dot);
        }
        return stem;
    }

    /** By which means, other than gzip, a text of this name is compressed; null for none. */
    static String otherwiseCompressed(String name) {
        String extension = extension(name.toLowerCase(Locale.ROOT));
        return OTHERWISE_COMPRESSED.contains(extension) ? extension : null;
    }

    /** The name in small letters and without {@code .gz}. */
    static String unzipped(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    }

    private static String extension(String name) {
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
    }
}
