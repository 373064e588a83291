package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, where there is one; tests that need it are skipped elsewhere. */
public final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final ChromeDriver driver;

    public Browser(int width, int height) {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no Chromium here: apt-get install chromium chromium-driver");
        Logger.getLogger("org.openqa.selenium").setLevel(Level.OFF);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=" + width + "," + height);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    public void open(String url) {
        driver.get(url);
    }

    /** Whether the page is to think that the paper is dark. */
    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** The value of a JavaScript expression or function body. */
    public Object js(String body, Object... arguments) {
        return driver.executeScript(body, arguments);
    }

    /** Sets a control and tells the page, as a hand would. */
    public void set(String selector, String value) {
        js(
                "const e = document.querySelector(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new "
                        + "Event('input')); e.dispatchEvent(new Event('change'));",
                selector,
                value);
    }

    public void click(String selector) {
        js("document.querySelector(arguments[0]).click();", selector);
    }

    /** Shows every part of the page once, so that all of it is drawn. */
    public void seeEverything() {
        js("document.querySelectorAll('.chart').forEach(c => c.scrollIntoView())");
        until("return [...document.querySelectorAll('.chart')].every(c => { c.scrollIntoView(); return "
                + "c.querySelector('canvas'); });");
    }

    /** Waits until something is so. */
    public void until(String body) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(js(body))) {
            assertThat(System.nanoTime()).as("waiting for: %s", body).isLessThan(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** How many colours a chart shows: an empty one has one or two. */
    public long colours(String chart) {
        return (Long) js("""
                const c = document.querySelector(arguments[0] + ' canvas');
                const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                const seen = new Set();
                for (let k = 0; k < p.length; k += 4) \
                seen.add((p[k] << 24) | (p[k + 1] << 16) | (p[k + 2] << 8) | p[k + 3]);
                return seen.size;""", chart);
    }

    /** Options of a chart, as JSON path: {@code series.length}, say. */
    public Object option(String chart, String path) {
        return js(
                "return arguments[1].split('.').reduce((o, k) => o[k], "
                        + "echarts.getInstanceByDom(document.querySelector(arguments[0])).getOption());",
                chart,
                path);
    }

    /** Errors in the page's console, except those that {@link #colours} causes by reading pixels. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(e -> e.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::toString)
                .filter(m -> !m.contains("getImageData"))
                .toList();
    }

    /** A picture of what can be seen. */
    public File picture() {
        return driver.getScreenshotAs(OutputType.FILE);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
