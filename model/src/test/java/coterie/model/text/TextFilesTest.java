package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of text as they are found in the wild. */
class TextFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void aText() throws IOException {
        write("fr.lines.txt", "un\ndeux\n");
    }

    private Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static byte[] gzipped(String content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private String notes() {
        TextFiles files = new TextFiles(folder);
        files.categories().forEach(files::documents);
        return String.join("\n", files.notes());
    }

    @Test
    void byteOrderMarksAreTakenOffEveryFileAndEveryPart() throws IOException {
        write("de/1.txt", "\ufeffeins");
        write("de/2.txt.gz", gzipped("\ufeffzwei"));
        write("de/3.docs.txt", "\ufeffdrei\n\ufeff<|endoftext|>\n\ufeffvier\n");
        write("de/4.lines.txt", "fünf\r\n\ufeffsechs\r\n");
        assertThat(new TextFiles(folder).documents("de"))
                .containsExactly("eins", "zwei", "drei", "vier", "fünf", "sechs");
        assertThat(notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"de.docs.txt", "de.txt", "de", "de.DOCS.TXT"})
    void aLineOfItsOwnPartsDocumentsWhateverItsLineEnds(String name) throws IOException {
        write(name, "eins\r\nzwei\r\n <|endoftext|> \r\n\r\ndrei\r\n<|endoftext|>\t\r\n<|endoftext|>\nvier");
        assertThat(new TextFiles(folder).documents("de")).containsExactly("eins\nzwei", "drei", "vier");
    }

    @Test
    void anEndOfTextInsideALineIsTold() throws IOException {
        write("de.docs.txt", "eins\n<|endoftext|>\nzwei<|endoftext|>drei\nvier <|endoftext|>\n");
        assertThat(new TextFiles(folder).documents("de")).hasSize(2);
        assertThat(notes()).contains("de.docs.txt: <|endoftext|> stands beside other text in 2 lines, first in line 3");
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16,true,UTF-16BE by its byte order mark",
        "UTF-16LE,false,looks like UTF-16LE",
        "UTF-32,false,looks like UTF-32BE",
        "ISO-8859-1,false,looks like Latin-1",
        "windows-1252,false,looks like Latin-1"
    })
    void whatIsNotUtf8IsRefusedWithFileAndByte(String charset, boolean marked, String told) throws IOException {
        write("de/1.txt", "Das ist gut.");
        write(
                "de/2.txt",
                "Die Stra\u00dfe f\u00fchrt nach M\u00fcnchen und weiter. "
                        .repeat(5)
                        .getBytes(Charset.forName(charset)));
        TextFiles files = new TextFiles(folder);
        assertThatThrownBy(() -> files.documents("de"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2.txt: byte ")
                .hasMessageContaining(told);
        assertThat(marked).isEqualTo(told.contains("mark"));
    }

    @Test
    void binaryDataUnderATextsNameIsRefused() throws IOException {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0};
        write("de.txt", png);
        assertThatThrownBy(() -> new TextFiles(folder).documents("de"))
                .hasMessageContaining("de.txt: byte 0: is a PNG image, not text");
        byte[] zipped = gzipped("viel Text ".repeat(1000));
        write("de.txt", java.util.Arrays.copyOf(zipped, zipped.length / 2));
        assertThatThrownBy(() -> new TextFiles(folder).documents("de"))
                .hasMessageContaining("de.txt: is gzipped and truncated");
        write("de.txt", "gut\0schlecht");
        assertThatThrownBy(() -> new TextFiles(folder).documents("de")).hasMessageContaining("de.txt: byte 3: is NUL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thumbs.db",
                "thumbs.DB",
                "desktop.ini",
                ".DS_Store",
                "._a.txt",
                ".git/config",
                "a.txt~",
                "a.txt.bak",
                ".a.txt.swp",
                "#a.txt#",
                "~$brief.docx",
                "__MACOSX/._a.txt",
                "README.md",
                "LICENSE",
                "NOTICE.txt",
                "cover.png",
                "PHOTO.JPG",
                "all.zip",
                "train.parquet",
                "a.tar.gz",
                "model.bin.gz",
                "a.pyc",
                "@eaDir/a.txt",
                "readme.md",
                "ReadMe.txt",
                "license.txt",
                "Licence",
                "notice.md.gz",
                "LICENSE-2.0.txt",
                "de.txt.old",
                "de.txt.orig",
                "de.bak",
                "de.txt.md5",
                "de.SHA256",
                "de.url",
                "fr.webloc",
                "fr.gdoc",
                "fr.txt.lnk",
                "de.txt.part",
                "de.txt.crdownload",
                "de.txt.tmp",
                "de.txt.old.gz"
            })
    void whatIsNoTextByItsNameIsPassedOverAndSaid(String name) throws IOException {
        write("de/a.docs.txt", "eins");
        write("de/" + name, new byte[] {0, 1, 2, (byte) 0xff});
        assertThat(new TextFiles(folder).documents("de")).containsExactly("eins");
        assertThat(notes()).contains("skipped").contains("de/" + name.split("/")[0]);
        write(name, new byte[] {0, 1, 2, (byte) 0xff});
        assertThat(new TextFiles(folder).categories()).containsExactly("de", "fr");
    }

    @Test
    void filesNamedByLanguagesAreRead() throws IOException {
        for (String language : new String[] {"pt", "ps", "so", "br"}) {
            write("de/train." + language, "texto " + language);
        }
        assertThat(new TextFiles(folder).documents("de"))
                .containsExactly("texto br", "texto ps", "texto pt", "texto so");
        assertThat(notes()).isEmpty();
    }

    @Test
    void aNameWithoutADotHasNoExtension() throws IOException {
        write("orig/bin", "eins");
        write("lock/tmp/a", "zwei");
        write("o", "drei");
        assertThat(new TextFiles(folder).categories()).containsExactly("fr", "lock", "o", "orig");
        assertThat(notes()).isEmpty();
    }

    @Test
    void manyThatArePassedOverAreNamedInPart() throws IOException {
        for (int k = 0; k < 30; k++) {
            write("images/" + k + ".png", "");
        }
        assertThat(notes()).contains("images/0.png").contains("and 22 more").hasLineCount(1);
    }

    @Test
    void textsThatAreOtherwiseCompressedAreRefused() throws IOException {
        write("de.lines.txt.zst", "x");
        assertThatThrownBy(() -> new TextFiles(folder)).hasMessageContaining("de.lines.txt.zst is compressed (zst)");
    }

    @Test
    @Timeout(60)
    void aFileThatLinksLeadToCountsOnce() throws IOException {
        Path de = write("de/b.txt", "eins");
        Files.createSymbolicLink(folder.resolve("de/loop"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("fr"), folder);
        Files.createSymbolicLink(folder.resolve("de/a.txt"), de);
        Files.createSymbolicLink(folder.resolve("it"), Path.of("de"));
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("de", "fr");
        assertThat(files.documents("de")).containsExactly("eins");
        assertThat(files.documents("fr")).containsExactly("un", "deux");
        assertThat(notes()).contains("counted once").contains("de/a.txt, de/loop, fr, it");
    }

    @Test
    void linksThatLeadOutsideAreFollowedInTheOrderOfNames(@TempDir Path outside) throws IOException {
        Files.writeString(outside.resolve("m.txt"), "mitte");
        Files.createDirectories(outside.resolve("k"));
        Files.writeString(outside.resolve("k/x.txt"), "innen");
        write("de/a-b/c.txt", "dritter");
        write("de/a/c.txt", "erster");
        write("de/z.txt", "letzter");
        Files.createSymbolicLink(folder.resolve("de/m.txt"), outside.resolve("m.txt"));
        Files.createSymbolicLink(folder.resolve("de/a/k"), outside.resolve("k"));
        assertThat(new TextFiles(folder).documents("de"))
                .containsExactly("erster", "innen", "dritter", "mitte", "letzter");
        assertThat(notes()).isEmpty();
    }

    @Test
    void linksThatLeadNowhereAreToldNotThrown() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("de.txt"), folder.resolve("none"));
        assertThatThrownBy(() -> new TextFiles(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("de.txt is a link that leads to no file: there is no such file");
        Files.delete(link);
        Files.createSymbolicLink(link, folder.resolve("it.txt"));
        Files.createSymbolicLink(folder.resolve("it.txt"), link);
        assertThatThrownBy(() -> new TextFiles(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("symbolic links");
    }

    @Test
    @Timeout(60)
    void pipesAreNotOpened() throws Exception {
        Files.createDirectories(folder.resolve("de"));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("de/pipe.txt").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(notes()).contains("skipped").contains("de/pipe.txt");
        assertThatThrownBy(() -> new TextFiles(folder.resolve("de/pipe.txt")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is neither a file nor a folder");
        assertThatThrownBy(() -> new AgNews(folder.resolve("de/pipe.txt")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void aFileThatIsGoneWhenItsTurnComesIsTold() throws IOException {
        Path file = write("de.txt", "eins");
        TextFiles files = new TextFiles(folder);
        Files.delete(file);
        assertThatThrownBy(() -> files.documents("de"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("de.txt: there is no such file");
    }

    @Test
    void aFolderWithoutTextSaysWhatWasPassedOver() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        Files.write(bare.resolve("train.parquet"), new byte[4]);
        assertThatThrownBy(() -> new TextFiles(bare))
                .hasMessageContaining("holds no text")
                .hasMessageContaining("train.parquet");
        assertThatThrownBy(() -> new TextFiles(folder.resolve("none")))
                .hasMessageContaining("there is no such file or folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.zip | unpack it",
                "a.tar.gz | unpack it",
                "a.arrow | save it as .parquet, .csv or .jsonl",
                "a.XLSX | save it as .parquet, .csv or .jsonl",
                "a.docx | save its text as .txt",
                "a.safetensors | model.base names a base",
                "a.png | allowed are text in UTF-8 (.txt), .jsonl"
            })
    void aFileInAnotherFormatIsRefusedByItsName(String name, String advice) throws IOException {
        Path file = write(name, "no matter what");
        String suffix = name.replace(".gz", "").substring(name.indexOf('.')).toLowerCase(java.util.Locale.ROOT);
        assertThatThrownBy(() -> new TextFiles(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(name + " is not text (" + suffix + "): ")
                .hasMessageContaining(advice);
    }

    @Test
    void aFileIsReadAlone() throws IOException {
        write("de.txt", "eins");
        TextFiles file = new TextFiles(folder.resolve("fr.lines.txt"));
        assertThat(file.categories()).containsExactly("fr");
        assertThat(file.documents("fr")).containsExactly("un", "deux");
        assertThat(TextFiles.files(folder.resolve("de.txt"))).containsExactly(folder.resolve("de.txt"));
        Path zipped = write("it.txt.zst", "x");
        assertThatThrownBy(() -> new TextFiles(zipped)).hasMessageContaining("is compressed (zst)");
    }

    @Test
    void aSkippedFileThatMayHoldTextIsToldHowToConvert() throws IOException {
        write("brief.docx", "");
        write("de/a.arrow", "");
        assertThat(notes())
                .contains("brief.docx, de/a.arrow; a.arrow: save it as .parquet")
                .hasLineCount(1);
    }

    @Test
    void damageOfEarlierReadingsIsTold() throws IOException {
        write("de.txt", "M\ufffdnchen");
        assertThat(notes()).contains("de.txt: holds U+FFFD 1 time");
    }

    @Test
    void textWithMarkupIsTakenAsItIsAndSaid() throws IOException {
        for (int k = 0; k < 12; k++) {
            write("de/" + k + ".html", "<p>eins " + k);
        }
        write("it.TSV", "id\ttext\n1\tuno\n");
        assertThat(new TextFiles(folder).documents("de")).hasSize(12).contains("<p>eins 3");
        assertThat(notes())
                .contains("read as plain text")
                .contains("13 files: de/0.html")
                .contains("and 5 more");
        for (String name : new String[] {"a.tsv", "a.html", "a.htm", "a.xml", "a.xhtml.gz"}) {
            Path other = Files.createDirectories(folder.resolve("z" + name));
            Files.write(other.resolve(name), gzipped("<p>eins"));
            if (name.endsWith(".gz")) {
                assertThat(new TextFiles(other).notes())
                        .singleElement()
                        .asString()
                        .contains("1 file: " + name);
            }
        }
        assertThat(notes()).contains("18 files: ");
    }

    @Test
    void aFoldersCategoryIsItsWholeName() throws IOException {
        write("comp.graphics/1", "pixels");
        write("comp.sys.mac/1", "mice");
        write("notices.2020.docs.txt", "text");
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("comp.graphics", "comp.sys.mac", "fr", "notices");
        assertThat(files.documents("comp.sys.mac")).containsExactly("mice");
        assertThat(notes()).isEmpty();
    }

    @Test
    void filesThatFallIntoOneCategoryByChanceAreTold() throws IOException {
        write("fr.docs.txt.gz", gzipped("trois"));
        write("fr.1.txt", "quatre");
        write("fr/a.b.txt", "cinq");
        write("fr.jsonl/a.txt", "six");
        write("fr/c.d.txt", "sept");
        assertThat(notes()).isEmpty();
        write("U.S. news.txt", "one");
        write("U.K. news.txt", "two");
        assertThat(new TextFiles(folder).categories()).containsExactly("U", "fr", "fr.jsonl");
        assertThat(notes())
                .contains("one category in " + folder + ", U, are U.K. news.txt, U.S. news.txt")
                .hasLineCount(1);
    }

    @Test
    void categoriesAreComposedAndStripped() throws IOException {
        write("franc\u0327ais.txt", "un");
        write("de .txt", "eins");
        write(" it /a.txt", "uno");
        write(" .txt", "niente");
        TextFiles files = new TextFiles(folder);
        assertThat(files.categories()).containsExactly("de", "fr", "fran\u00e7ais", "it");
        assertThat(files.documents("fran\u00e7ais")).containsExactly("un");
        assertThat(TextFiles.category(" franc\u0327ais ")).isEqualTo("fran\u00e7ais");
        assertThat(notes()).contains("skipped").contains(": ").hasLineCount(1);
        write("de.txt", "zwei");
        assertThat(notes()).contains("one category in " + folder + ", de, are de .txt, de.txt");
    }

    @Test
    void controlCharactersAreCountedAndTheirFirstFileNamed() throws IOException {
        write("de/1.txt", "a\tb\fc\u000bd\be\u001b[0m\u0085f");
        assertThat(notes()).isEmpty();
        write("de/2.txt", "caf\u0085 \u0093quoted\u0094");
        write("de/3.txt", "a\u0001b\u0002c\u0092");
        assertThat(notes())
                .contains("2.txt and 1 other file: hold 3 control characters U+0080 to U+009F")
                .contains("3.txt: holds 2 control characters below U+0020")
                .hasLineCount(2);
        TextFiles files = new TextFiles(folder);
        files.documents("de");
        files.documents("de");
        assertThat(files.notes()).as("read twice, counted once").anyMatch(n -> n.contains("hold 3 control"));
    }

    @Test
    void encodingsOfSevenBitsAreRefused() throws IOException {
        write("ja/1.txt", "\u65e5\u672c\u8a9e".getBytes(Charset.forName("ISO-2022-JP")));
        assertThatThrownBy(() -> new TextFiles(folder).documents("ja"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1.txt: byte 0: is ISO-2022-JP")
                .hasMessageContaining("save it as UTF-8");
    }
}
