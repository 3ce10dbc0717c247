package tidemark.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import tidemark.testing.Wait;

/** The system's chromium with nobody before it, and what a person does at it. */
public final class Browser implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Skips the test where there is none. Nothing is looked for anywhere but on this machine. */
  public static Browser start() {
    File browser = found("chromium", "chromium-browser", "google-chrome");
    File chauffeur = found("chromedriver");
    if (browser == null || chauffeur == null) {
      System.out.println("skipped what takes a browser: chromium or its driver is not installed");
    }
    Assumptions.assumeTrue(browser != null && chauffeur != null, "there is no browser");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser);
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // it shows no pages but ours
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--lang=en",
        "--window-size=1280,900");
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chauffeur)
            .usingAnyFreePort()
            .withEnvironment(Map.of("SE_OFFLINE", "true"))
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  private static File found(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElse(null);
  }

  public Browser open(String address) {
    driver.get(address);
    return this;
  }

  /** Goes to a view, as by its link or a bookmark. */
  Browser go(String view) {
    script("location.hash = arguments[0]", "#/" + view);
    return this;
  }

  /** The same in another tab, which is before the others from now on. */
  Browser another() {
    String address = driver.getCurrentUrl().replaceAll("#.*", "");
    driver.switchTo().newWindow(WindowType.TAB);
    return open(address);
  }

  void reload() {
    driver.navigate().refresh();
  }

  // ---- what is to be seen

  String text() {
    return find("body").getText();
  }

  String title() {
    return driver.getTitle();
  }

  /** Waits for it. */
  public Browser sees(String... texts) {
    for (String text : texts) {
      until("'" + text + "'", () -> text().contains(text));
    }
    return this;
  }

  Browser seesNoMore(String text) {
    until("'" + text + "' to go", () -> !text().contains(text));
    return this;
  }

  /** Waits for an element. */
  WebElement find(String selector) {
    until(selector, () -> !driver.findElements(By.cssSelector(selector)).isEmpty());
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  void until(String what, BooleanSupplier so) {
    try {
      Wait.until(what, () -> holds(so));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the page shows:\n" + text(), e);
    }
  }

  /** What is drawn anew while it is looked at is looked at again. */
  private static boolean holds(BooleanSupplier so) {
    try {
      return so.getAsBoolean();
    } catch (WebDriverException e) {
      return false;
    }
  }

  // ---- what is done

  /** Presses the button or follows the link of these words. */
  Browser press(String words) {
    By named =
        By.xpath(
            "//*[self::button or self::a or self::summary][normalize-space()=\"" + words + "\"]");
    until("the button '" + words + "'", () -> press(named));
    return this;
  }

  private boolean press(By named) {
    WebElement button = driver.findElement(named);
    if (!button.isEnabled()) {
      return false;
    }
    button.click();
    return true;
  }

  /** Presses these keys, at whatever has the focus. */
  Browser type(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
    return this;
  }

  /** Writes into the field of this id, in place of what it held. */
  Browser write(String id, String text) {
    WebElement field = find("#" + id.replace(".", "\\."));
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    return this;
  }

  /** Chooses one of what the field whose label begins so offers. */
  Browser choose(String label, String option) {
    By offered =
        By.xpath(
            "//select[@id=//label[starts-with(normalize-space(), '%1$s')]/@for or ancestor::label[starts-with(normalize-space(), '%1$s')]]/option[@value='%2$s']"
                .formatted(label, option));
    until(
        label,
        () -> {
          driver.findElement(offered).click();
          return true;
        });
    return this;
  }

  /** Goes on with the tabulator until what has the focus is called this. */
  Browser tabTo(String name) {
    for (int i = 0; i < 200; i++) {
      WebElement there = driver.switchTo().activeElement();
      if (name.equals(there.getAccessibleName())) {
        return this;
      }
      there.sendKeys(Keys.TAB);
    }
    throw new AssertionError("no tabulator comes to " + name + "; the page shows:\n" + text());
  }

  Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** What is at this address for whoever may look at the page. */
  String fetched(String address) {
    return (String)
        ((JavascriptExecutor) driver)
            .executeAsyncScript(
                "fetch(arguments[0]).then(a => a.text()).then(arguments[1], arguments[1])",
                address);
  }

  /** What went wrong in the page's own program. */
  List<String> complaints() {
    return driver.manage().logs().get("browser").getAll().stream()
        .map(Object::toString)
        .filter(line -> !line.contains("Failed to load resource"))
        .toList();
  }

  // ---- how it looks

  Browser looksAt(String colours, int width) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    return this;
  }

  void screenshot(String name) throws IOException {
    Object png =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
            .get("data");
    Files.createDirectories(SCREENSHOTS);
    Files.write(
        SCREENSHOTS.resolve(name + ".png"),
        Base64.getDecoder().decode(String.valueOf(png).getBytes(UTF_8)));
  }

  /** The serious ones of what axe finds hard to use for somebody. */
  List<String> obstacles() {
    return new AxeBuilder()
        .analyze(driver).getViolations().stream()
            .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
            .map(Browser::told)
            .toList();
  }

  private static String told(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + rule.getNodes().stream().limit(3).map(node -> "\n  " + node.getHtml()).toList();
  }

  boolean isWiderThanTheWindow() {
    return (Boolean)
        script("let d = document.documentElement; return d.scrollWidth > d.clientWidth");
  }

  @Override
  public void close() {
    driver.quit();
  }
}
