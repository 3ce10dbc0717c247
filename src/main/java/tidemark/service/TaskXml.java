package tidemark.service;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.ByteArrayOutputStream;

/**
 * A scheduled task of Windows, as its XML.
 *
 * <p>Whoever it is for appears in the trigger, too: Windows refuses standard users a logon trigger
 * that is anybody's.
 */
final class TaskXml {
  private static final String SCHEMA = "http://schemas.microsoft.com/windows/2004/02/mit/task";

  /** Users, whatever they are called in the language of the system. */
  static final String USERS = "S-1-5-32-545";

  private final String trigger;
  private final String principal;
  private final String instances;

  private TaskXml(String trigger, String principal, String instances) {
    this.trigger = trigger;
    this.principal = principal;
    this.instances = instances;
  }

  /** One that starts when this user logs on: `DOMAIN\name`. */
  static TaskXml ofUser(String user) {
    String userId = "<UserId>" + Quoting.xml(user) + "</UserId>";
    return new TaskXml(
        userId, userId + "\n      <LogonType>InteractiveToken</LogonType>", "IgnoreNew");
  }

  /** One that starts when anybody logs on, for several people at once, too. */
  static TaskXml ofEverybody() {
    return new TaskXml("", "<GroupId>" + USERS + "</GroupId>", "Parallel");
  }

  /**
   * @param folder the one to run in
   */
  String text(String command, String arguments, String folder) {
    return """
        <?xml version="1.0" encoding="UTF-16"?>
        <Task version="1.2" xmlns="%s">
          <RegistrationInfo>
            <Author>Tidemark</Author>
            <Description>Keeps this user's databases in step with the share.</Description>
          </RegistrationInfo>
          <Triggers>
            <LogonTrigger>
              <Enabled>true</Enabled>
              %s
            </LogonTrigger>
          </Triggers>
          <Principals>
            <Principal id="Author">
              %s
              <RunLevel>LeastPrivilege</RunLevel>
            </Principal>
          </Principals>
          <Settings>
            <MultipleInstancesPolicy>%s</MultipleInstancesPolicy>
            <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
            <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
            <AllowHardTerminate>true</AllowHardTerminate>
            <StartWhenAvailable>true</StartWhenAvailable>
            <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
            <IdleSettings>
              <StopOnIdleEnd>false</StopOnIdleEnd>
              <RestartOnIdle>false</RestartOnIdle>
            </IdleSettings>
            <AllowStartOnDemand>true</AllowStartOnDemand>
            <Enabled>true</Enabled>
            <Hidden>false</Hidden>
            <RunOnlyIfIdle>false</RunOnlyIfIdle>
            <WakeToRun>false</WakeToRun>
            <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
            <Priority>5</Priority>
            <RestartOnFailure>
              <Interval>PT1M</Interval>
              <Count>99</Count>
            </RestartOnFailure>
          </Settings>
          <Actions Context="Author">
            <Exec>
              <Command>%s</Command>
              <Arguments>%s</Arguments>
              <WorkingDirectory>%s</WorkingDirectory>
            </Exec>
          </Actions>
        </Task>
        """
        .formatted(
            SCHEMA,
            trigger,
            principal,
            instances,
            Quoting.xml(command),
            Quoting.xml(arguments),
            Quoting.xml(folder))
        .replace("\n", "\r\n");
  }

  /** As `schtasks` reads files: UTF-16 that says so. */
  static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0xff);
    bytes.write(0xfe);
    bytes.writeBytes(text.getBytes(UTF_16LE));
    return bytes.toByteArray();
  }
}
