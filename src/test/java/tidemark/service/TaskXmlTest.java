package tidemark.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What Windows reads in the task, element by element. */
class TaskXmlTest {
  private static final String COMMAND = "C:\\Büro & Söhne 100%\\bin\\javaw.exe";
  private static final String ARGUMENTS = "-Xmx64m -jar \"C:\\a <b>\\tidemark.jar\" run";

  private final Map<String, String> mine =
      elements(TaskXml.ofUser("CORP\\jörg & co").text(COMMAND, ARGUMENTS, "C:\\Büro"));
  private final Map<String, String> everybodys =
      elements(TaskXml.ofEverybody().text(COMMAND, ARGUMENTS, "C:\\Büro"));

  /** Through the very bytes that `schtasks` gets. */
  private static Map<String, String> elements(String text) {
    byte[] bytes = TaskXml.bytes(text);
    assertThat(bytes).startsWith(0xff, 0xfe);
    try {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(bytes));
      assertThat(document.getXmlEncoding()).isEqualTo("UTF-16");
      Map<String, String> found = new LinkedHashMap<>();
      collect("", document.getDocumentElement(), found);
      return found;
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
  }

  private static void collect(String path, Element element, Map<String, String> found) {
    List<Element> below = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        below.add(child);
      }
    }
    String name = path.isEmpty() ? element.getTagName() : path + "/" + element.getTagName();
    if (below.isEmpty()) {
      found.put(name, element.getTextContent());
    }
    below.forEach(child -> collect(name, child, found));
  }

  @Test
  void it_starts_when_this_user_logs_on_and_as_nobody_else() {
    assertThat(mine)
        .containsEntry("Task/Triggers/LogonTrigger/UserId", "CORP\\jörg & co")
        .containsEntry("Task/Triggers/LogonTrigger/Enabled", "true")
        .containsEntry("Task/Principals/Principal/UserId", "CORP\\jörg & co")
        .containsEntry("Task/Principals/Principal/LogonType", "InteractiveToken")
        .containsEntry("Task/Principals/Principal/RunLevel", "LeastPrivilege")
        .doesNotContainKey("Task/Principals/Principal/GroupId");
  }

  @Test
  void it_is_never_ended_by_time_battery_or_idleness() {
    assertThat(mine)
        .containsEntry("Task/Settings/ExecutionTimeLimit", "PT0S")
        .containsEntry("Task/Settings/DisallowStartIfOnBatteries", "false")
        .containsEntry("Task/Settings/StopIfGoingOnBatteries", "false")
        .containsEntry("Task/Settings/IdleSettings/StopOnIdleEnd", "false")
        .containsEntry("Task/Settings/RunOnlyIfIdle", "false")
        .containsEntry("Task/Settings/RunOnlyIfNetworkAvailable", "false");
  }

  @Test
  void a_second_start_is_ignored_and_a_failed_one_repeated() {
    assertThat(mine)
        .containsEntry("Task/Settings/MultipleInstancesPolicy", "IgnoreNew")
        .containsEntry("Task/Settings/RestartOnFailure/Interval", "PT1M")
        .containsEntry("Task/Settings/RestartOnFailure/Count", "99")
        .containsEntry("Task/Settings/StartWhenAvailable", "true")
        .containsEntry("Task/Settings/AllowStartOnDemand", "true")
        .containsEntry("Task/Settings/Priority", "5")
        .containsEntry("Task/Settings/Enabled", "true");
  }

  @Test
  void it_starts_this_program_in_its_folder() {
    assertThat(mine)
        .containsEntry("Task/Actions/Exec/Command", COMMAND)
        .containsEntry("Task/Actions/Exec/Arguments", ARGUMENTS)
        .containsEntry("Task/Actions/Exec/WorkingDirectory", "C:\\Büro");
  }

  @Test
  void one_for_everybody_is_for_the_group_whatever_its_name_and_for_several_at_once() {
    assertThat(everybodys)
        .containsEntry("Task/Principals/Principal/GroupId", "S-1-5-32-545")
        .containsEntry("Task/Principals/Principal/RunLevel", "LeastPrivilege")
        .containsEntry("Task/Settings/MultipleInstancesPolicy", "Parallel")
        .doesNotContainKeys(
            "Task/Principals/Principal/UserId",
            "Task/Principals/Principal/LogonType",
            "Task/Triggers/LogonTrigger/UserId");
    mine.forEach(
        (name, value) -> {
          if (name.startsWith("Task/Settings/") && !name.endsWith("MultipleInstancesPolicy")) {
            assertThat(everybodys).containsEntry(name, value);
          }
        });
  }
}
