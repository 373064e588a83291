package coterie.model.text;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Conventions for the names of files and folders. */
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
     * Without suffixes that are language codes in corpora, such as pt, ps and so: their content is checked when it is
     * read.
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
    /** Structured text: it is read as plain text, but the user may expect it to be parsed. */
    private static final Set<String> STRUCTURED = words("tsv html htm xhtml xml");
    /** Suffixes after the category in the name of a file. */
    private static final Set<String> SUFFIXES = words("txt text lines docs md json jsonl ndjson csv parquet");
    /** The number of a part in the names that Hugging Face gives to the parts of a table. */
    private static final Pattern SHARD = Pattern.compile("-[0-9]{5,}-of-[0-9]{5,}(?=[.]|$)");
    /** Descriptions of data sets, beside the files that hold them. */
    private static final Set<String> OF_DATASETS =
            Set.of("dataset_info.json", "dataset_infos.json", "dataset_dict.json");

    private static final Set<String> ARCHIVES = words("zip tar tgz tbz tbz2 txz 7z rar jar cab iso dmg deb rpm whl");
    private static final Set<String> TABLES =
            words("arrow feather orc avro xls xlsx ods db sqlite sqlite3 mdb h5 hdf5");
    private static final Set<String> DOCUMENTS = words("pdf doc docx ppt pptx odt odp rtf epub mobi djvu");
    private static final Set<String> WEIGHTS = words("pth ckpt bin safetensors gguf onnx");

    private static final Set<String> OTHERWISE_COMPRESSED = words("bz2 xz zst zstd lz4 lzma");

    private TextNames() {}

    private static Set<String> words(String text) {
        return Set.copyOf(Arrays.asList(text.strip().split("\\s+")));
    }

    /** Whether a file or folder is hidden, or a leftover of an operating system or an editor. */
    static boolean leftBehind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".")
                || name.startsWith("~$")
                || name.endsWith("~")
                || name.startsWith("#") && name.endsWith("#")
                || LEFT_BY_SYSTEMS.contains(lower)
                || LEFT_BY_EDITORS.contains(extension(unzipped(name)));
    }

    /** Whether a file describes the data, or is not text. */
    static boolean noText(String name) {
        return name.startsWith("README")
                || name.startsWith("LICENSE")
                || name.startsWith("NOTICE")
                || ABOUT.matcher(unzipped(name)).matches()
                || OF_DATASETS.contains(name)
                || binary(name);
    }

    /** Whether the suffix of a file is that of a format other than text. */
    static boolean binary(String name) {
        return TextTables.of(name) == null && NO_TEXT.contains(extension(unzipped(name)));
    }

    /** Whether a file is in a format other than text from which text can be taken. */
    static boolean convertible(String name) {
        String extension = extension(unzipped(name));
        return binary(name)
                && !leftBehind(name)
                && (ARCHIVES.contains(extension) || TABLES.contains(extension) || DOCUMENTS.contains(extension));
    }

    /** Returns what the user can do about a file with the suffix of a format other than text. */
    static String advice(String name) {
        String extension = extension(unzipped(name));
        if (ARCHIVES.contains(extension)) {
            return "unpack it, and name the folder";
        }
        if (TABLES.contains(extension)) {
            return "save it as .parquet, .csv or .jsonl with a column of text (in Python, to_parquet of pandas or"
                    + " datasets)";
        }
        if (DOCUMENTS.contains(extension)) {
            return "save its text as .txt in UTF-8";
        }
        if (WEIGHTS.contains(extension)) {
            return "it holds numbers of a model; model.base names a base";
        }
        return "allowed are text in UTF-8 (.txt), .jsonl, .json, .csv and .parquet";
    }

    /** Returns the name of a table without the number of its part: {@code train.parquet} for the first of two. */
    static String unsharded(String name) {
        return SHARD.matcher(name).replaceFirst("");
    }

    /** Whether a file has a structured text format. */
    static boolean structured(String name) {
        return STRUCTURED.contains(extension(unzipped(name)));
    }

    /**
     * Normalises the name of a category: systems encode the same letters differently, and surrounding white space is
     * invisible.
     */
    static String category(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
    }

    /** Returns the name of a file without suffixes that denote the format, and without part numbers. */
    static String unsuffixed(String name) {
        String whole = unsharded(name);
        String stem = whole.toLowerCase(Locale.ROOT).endsWith(".gz") ? whole.substring(0, whole.length() - 3) : whole;
        for (int dot = stem.lastIndexOf('.'); dot > 0; dot = stem.lastIndexOf('.')) {
            String suffix = stem.substring(dot + 1).toLowerCase(Locale.ROOT);
            if (!SUFFIXES.contains(suffix) && !STRUCTURED.contains(suffix) && !suffix.matches("[0-9]+")) {
                break;
            }
            stem = stem.substring(0, dot);
        }
        return stem;
    }

    /** Returns the compression of a file other than gzip, by its suffix; null if none. */
    static String otherwiseCompressed(String name) {
        String extension = extension(name.toLowerCase(Locale.ROOT));
        return OTHERWISE_COMPRESSED.contains(extension) ? extension : null;
    }

    /** Returns the name in lower case and without {@code .gz}. */
    static String unzipped(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    }

    /** Returns the suffix without the dot; empty if there is none. */
    static String extension(String name) {
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
    }
}
