package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe that has the server read changed settings, run for real against PostgreSQL 15. */
class ServerReloadIT {
  @TempDir private Path root;

  @Test
  void aChangedFileIsReadOnceWithoutARestart() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    assertThat(volume.ready().code()).as("before there is a server").isNotZero();
    assertThat(volume.init()).returns(0, ServerVolume.Exit::code);
    Process server = volume.server();
    try {
      awaitReady(volume);
      assertThat(ask(volume, "show work_mem")).isEqualTo("4MB");
      String pid = Files.readString(volume.volume().resolve("pgdata/postmaster.pid"));
      settings(volume, "work_mem = '8MB'\n");
      assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
      await().until(() -> ask(volume, "show work_mem").equals("8MB"));
      String loaded = loaded(volume);
      assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
      assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
      assertThat(loaded(volume)).as("not once more").isEqualTo(loaded);
      assertThat(Files.readString(volume.volume().resolve("pgdata/postmaster.pid"))).isEqualTo(pid);

      // Taken away, the server's own value is back.
      settings(volume, "");
      assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
      await().until(() -> ask(volume, "show work_mem").equals("4MB"));
      // What stands in an argument is not of the file.
      assertThat(ask(volume, "show max_connections")).isEqualTo("20");
    } finally {
      end(server);
    }
  }

  /** The file may have changed between the end of one server and the start of the next. */
  @Test
  void everyStartIsFollowedByARead() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.init();
    Process server = volume.server();
    Path read = root.resolve("run/settings-read");
    String first;
    try {
      awaitReady(volume);
      first = Files.readString(read);
    } finally {
      end(server);
    }
    server = volume.server();
    try {
      await()
          .untilAsserted(() -> {
            assertThat(volume.ready()).returns(0, ServerVolume.Exit::code);
            assertThat(Files.readString(read)).isNotEqualTo(first);
          });
    } finally {
      end(server);
    }
  }

  @Test
  void everythingInTheTableIsTaken() throws Exception {
    ServerVolume volume = new ServerVolume(root, "15");
    volume.init();
    Process server = volume.server();
    try {
      awaitReady(volume);
      String table = text("reloadable/15.tsv");
      assertThat(ask(volume, text("reloadable/table.sql")).lines().map(l -> l.replace('|', '\t')))
          .as("the table is what this server says")
          .containsExactlyElementsOf(table.lines().toList());
      for (boolean largest : new boolean[] {false, true}) {
        settings(volume, extremes(table, largest));
        assertThat(
                ask(
                    volume,
                    "select name || ': ' || error from pg_file_settings where error is not null"
                        + " and sourcefile not like '%pgdata%'"))
            .isEmpty();
      }
    } finally {
      end(server);
    }
  }

  private static String extremes(String table, boolean largest) {
    List<String> lines = new ArrayList<>();
    table
        .lines()
        .map(l -> l.split("\t", -1))
        .forEach(c -> {
          List<String> words = List.of(c[5].split(","));
          String value =
              switch (c[1]) {
                case "bool" -> largest ? "on" : "off";
                case "enum" -> largest ? words.getLast() : words.getFirst();
                // Nobody writes the largest floating-point number.
                default -> largest ? c[4].replaceFirst(".*e[+].*", "1000000") : c[3];
              };
          assertThat(ReloadableSettings.takes("15", c[0], value)).as(c[0]).isTrue();
          lines.add(c[0] + " = '" + value + "'\n");
        });
    return String.join("", lines);
  }

  private static void settings(ServerVolume volume, String settings) {
    volume.set(
        "config",
        "postgresql.conf",
        "include '/var/lib/wharfinger/pgdata/postgresql.conf'\n" + settings);
  }

  private static void awaitReady(ServerVolume volume) {
    await("ready").until(() -> volume.ready().code() == 0);
  }

  /** When it read its settings last. */
  private static String loaded(ServerVolume volume) throws Exception {
    return ask(volume, "select pg_conf_load_time()");
  }

  private static String ask(ServerVolume volume, String query) throws Exception {
    return volume.run("psql", "-X", "-A", "-t", "-U", "postgres", "-c", query);
  }

  private static void end(Process server) throws InterruptedException {
    server.destroy();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private static String text(String name) throws Exception {
    try (InputStream in =
        Objects.requireNonNull(ReloadableSettings.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
