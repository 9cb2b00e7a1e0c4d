package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The smallest resource gives a file that an application can use. */
class SqliteStory {
  @RegisterExtension static final Story story = new Story("sqlite", 1);

  @Test
  void emptySpecGivesAnSqliteFileOfTheApplication() {
    story.apply("sqlite");

    story.instance("notes").awaitReady();

    assertThat(story.instance("notes").binding())
        .containsEntry("type", "sqlite")
        .containsEntry("path", "/data/notes.db")
        .containsEntry("uri", "sqlite:////data/notes.db");
    Pods pods = story.pods();
    pods.awaitReady("notes-client");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(pods.log("notes-client")).contains("written by the application"));
    assertThat(pods.exec("notes-client", "stat", "--format=%u %g", "/data/notes.db"))
        .isEqualTo("65532 65532");
    String journal =
        "import sqlite3; print(sqlite3.connect('/data/notes.db').execute('PRAGMA journal_mode').fetchone()[0])";
    assertThat(pods.exec("notes-client", "python3", "-c", journal)).isEqualTo("wal");
  }
}
