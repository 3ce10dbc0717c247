package tidemark.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.config.AlertSettings.Smtp;
import tidemark.config.AlertSettings.Tls;

/** E-mail; the only class that knows the library for it. */
final class MailWay implements Way {
  private final List<String> to;
  private final Smtp smtp;
  private final Duration patience;

  MailWay(List<String> to, Smtp smtp, Duration patience) {
    this.to = to;
    this.smtp = smtp;
    this.patience = patience;
  }

  @Override
  public String name() {
    return "alert.email";
  }

  @Override
  public void send(Alert alert) {
    try {
      MimeMessage message = new MimeMessage(session());
      message.setFrom(new InternetAddress(smtp.from()));
      for (String address : to) {
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(address));
      }
      message.setSubject(alert.subject(), UTF_8.name());
      message.setText(alert.text() + "\n", UTF_8.name());
      message.setHeader(
          "Date",
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.parse(alert.at()).atOffset(ZoneOffset.UTC)));
      message.setHeader("Auto-Submitted", "auto-generated"); // no answers from those on holiday
      Transport.send(message);
    } catch (MessagingException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the mail to "
              + String.join(", ", to)
              + " was not taken by "
              + smtp.server()
              + ": "
              + e.getMessage(),
          "Check `smtp` in the config, then try `tidemark doctor --test-alert`.",
          e);
    }
  }

  private Session session() {
    String millis = Long.toString(patience.toMillis());
    String host = smtp.server().replaceFirst(":\\d+$", "");
    Properties settings = new Properties();
    settings.setProperty("mail.smtp.host", host);
    settings.setProperty("mail.smtp.port", port(host));
    settings.setProperty("mail.smtp.connectiontimeout", millis);
    settings.setProperty("mail.smtp.timeout", millis);
    settings.setProperty("mail.smtp.writetimeout", millis);
    settings.setProperty("mail.smtp.starttls.enable", Boolean.toString(smtp.tls() == Tls.STARTTLS));
    settings.setProperty(
        "mail.smtp.starttls.required", Boolean.toString(smtp.tls() == Tls.STARTTLS));
    settings.setProperty("mail.smtp.ssl.enable", Boolean.toString(smtp.tls() == Tls.TLS));
    settings.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    settings.setProperty("mail.smtp.auth", Boolean.toString(smtp.user().isPresent()));
    return Session.getInstance(settings, smtp.user().map(this::login).orElse(null));
  }

  private String port(String host) {
    return smtp.server().length() > host.length()
        ? smtp.server().substring(host.length() + 1)
        : switch (smtp.tls()) {
          case STARTTLS -> "587";
          case TLS -> "465";
          case NONE -> "25";
        };
  }

  private Authenticator login(String user) {
    return new Authenticator() {
      @Override
      protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(user, smtp.password().orElse(""));
      }
    };
  }
}
