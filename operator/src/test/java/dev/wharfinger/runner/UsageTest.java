package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.transfer.postgresql.KeepAliveSockets;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about arguments that make no sense, and what never is. */
class UsageTest {
  private static final String FROM = "--from sqlite:////nowhere.db ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer --to=postgresql://u:hush@h/d",
        "transfer postgresql://u:hush@h/d",
        "transfer --dry-run password=hush",
        "transfer --PASSWORD=hush",
        "transfer --from postgresql://u:hush@h/d --to postgresql://u:hush@h/d",
        "transfer " + FROM + "--to postgresql://u:hush@",
        "transfer " + FROM + "--to postgresql://u:hu%sh@h/d",
        "transfer " + FROM + "--to postgresql://u:x@hush@h:port/d?password=hush",
        "transfer " + FROM + "--to host=h;password=hush",
        "transfer " + FROM + "--to password=hush",
        "transfer " + FROM + "--to postgresql://u@127.0.0.1:1/d?password=hush --schema hush",
        "transfer " + FROM + "--to postgresql://u@127.0.0.1:1/d --progress hush",
        "transfer --from postgresql://u:hush@h/d --to sqlite:////x.db --compare hush",
        "transfer --from postgresql://u:hush@h/d --to sqlite:////x.db --snapshot-dir hush",
        "transfer --from postgresql://u:hush@h/d --to sqlite:////x.db --format hush",
        "transfer --from postgresql://u:hush@h/d --to sqlite:////x.db --profile /nowhere/hush",
        "transfer " + FROM + "--to postgresql://u:hush@h/d --like hush",
        "rollback --from postgresql://u:hush@h/d --to sqlite:////x.db --operation hush",
        "rollback --from sqlite:////x.db --to sqlite:////x.db --like hush",
        "transfer " + FROM + "--to postgresql://u:hush@h/d --large hush",
        "transfer " + FROM + "--to postgresql://u:hush@h/d --workers hush",
        "transfer " + FROM + "--to postgresql://u:hush@h/d --chunk-size 0",
        "transfer --from postgresql://u:hush@h/d --to sqlite:////x.db --large always",
        "transfer-abort --to postgresql://u:hush@h/d --operation postgresql://u:hush@h/d",
        "migrate-schema --to postgresql://u:hush@h/d --locations /nowhere/hush",
        "probe --to postgresql://u:hu%sh@h/d",
        "probe --to postgresql://u:hush@h/d --from hush",
        "list --from s3://sets --endpoint http://u:hush@h",
        "list --from s3://sets --endpoint http://h/?hush",
        "list --from s3://u:hush@sets",
        "list --from s3://sets --path-style hush",
        "list --from s3://sets --part-size hush",
        "list --from s3://sets --region hush:hush",
        "list --from file:///nowhere --credentials-dir hush",
        "postgresql://u:hush@h/d",
      })
  void passwordIsNeverRepeated(String arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(RunnerMain.run(List.of(arguments.split(" ")))).isEqualTo(ExitCode.USAGE);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).isNotBlank().doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sqlite:///workflows.db", "sqlite:///./data/workflows.db", "data/workflows.db"})
  void CLO_09_aRelativePathIsRefusedWithTheAbsoluteSpelling(String url) {
    assertThatThrownBy(() ->
            TransferCommand.sqlite(
                Options.parse(
                    List.of("--from", url), TransferCommand.VALUED, TransferCommand.FLAGS),
                "--from"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--from is sqlite:////absolute/path/of/file.db");
  }

  @Test
  void messagesOfOthersAreScrubbed() {
    assertThat(
            Usage.scrub(
                "no postgresql://u:hu@sh@h/d?x=1&password=hush&y=2, jdbc:postgresql://h/d?sslpassword=hush"
                    + " password='hush hush' PASSWORD = hush"))
        .doesNotContain("hu@")
        .doesNotContain("sh@")
        .doesNotContain("hush")
        .contains("x=1", "y=2", "postgresql://u:***@h/d");
  }

  @Test
  void equalsSignIsExplained() {
    assertThatThrownBy(() ->
            Options.parse(
                List.of("--to=postgresql://u:p@h/d"),
                TransferCommand.VALUED,
                TransferCommand.FLAGS))
        .hasMessage("an option and its value are two arguments: --to VALUE");
  }

  @Test
  void passwordAmongTheParametersIsTakenOutOfTheUrl() {
    PostgresUrl url =
        PostgresUrl.parse("postgresql://h/d?user=u&sslmode=require&password=a%26b", "other");

    assertThat(url.user()).isEqualTo("u");
    assertThat(url.password()).isEqualTo("a&b");
    assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://h:5432/d?sslmode=require");
    assertThat(PostgresUrl.parse("postgresql://u@h/d", "other").password()).isEqualTo("other");
  }

  @Test
  void serverThatIsGoneIsNoticed() throws Exception {
    try (var socket = new KeepAliveSockets().createSocket()) {
      assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
      assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(60);
      assertThat(
              socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)
                  * socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT))
          .isEqualTo(60);
    }
    assertThat(PostgresUrl.parse("postgresql://u@h/d", null).properties())
        .containsEntry("socketFactory", KeepAliveSockets.class.getName())
        .containsKeys("connectTimeout", "loginTimeout")
        .doesNotContainKey("socketTimeout");
  }
}
