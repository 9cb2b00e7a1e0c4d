package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

class BindingTest {
  private static final String POOL =
      "pool: {minSize: 2, maxSize: 20, maxOverflow: 10, timeout: 30s}";

  private static InstanceModel model(String spec) {
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: phoenix, namespace: shop, uid: u}
            spec:
            """
                + spec.indent(2)),
        RunningOperator.config("shop"));
  }

  private static Map<String, String> values(Backend backend, String spec) {
    return BindingValues.of(model("backend: SQLite\n" + spec), backend, "secret");
  }

  @Test
  void PHX_01_bothBackendsSayWhatTheyAreAndWhereTheDataIs() {
    assertThat(values(Backend.SQLITE, "")).containsEntry("type", "sqlite");
    assertThat(values(Backend.POSTGRESQL, "")).containsEntry("type", "postgresql");
    for (Backend backend : Backend.values()) {
      assertThat(values(backend, ""))
          .containsKeys("provider", "uri", "database", "jdbc-url", "jdbc-uri");
    }
  }

  /** CLO-06: the application goes by its own default, wherever the volume is mounted. */
  @Test
  void PHX_03_whoNamesNoVariableGetsNone() {
    assertThat(render(model("backend: SQLite"), Backend.SQLITE).keySet())
        .isNotEmpty()
        .allMatch(key -> key.matches("[a-z-]+"));
  }

  @Test
  void PHX_04_theDirectoryIsEnoughForWhoNamesTheFileItself() {
    InstanceModel model =
        model(
            "backend: SQLite\n"
                + "binding: {mountPath: /var/phoenix, env: {PHOENIX_WORKING_DIR: '{dir}'}}");
    assertThat(render(model, Backend.SQLITE))
        .containsEntry("PHOENIX_WORKING_DIR", "/var/phoenix")
        // The default is the name that Phoenix gives its file.
        .containsEntry("path", "/var/phoenix/phoenix.db");
  }

  @Test
  void PHX_05_fourSlashesAndAnAbsolutePath() {
    Map<String, String> values =
        values(
            Backend.SQLITE, "sqlite: {databases: [phoenix.db]}\nbinding: {mountPath: /mnt/data}");
    assertThat(values)
        .containsEntry("uri", "sqlite:////mnt/data/phoenix.db")
        .containsEntry("dir", "/mnt/data")
        .containsEntry("path", "/mnt/data/phoenix.db");
    assertThat(URI.create(values.get("uri-file")).getPath()).isEqualTo("/mnt/data/phoenix.db");
  }

  @Test
  void CLB_02_CLB_03_aiosqliteHasFourSlashesToo() {
    assertThat(values(Backend.SQLITE, ""))
        .containsEntry("uri-aiosqlite", "sqlite+aiosqlite:////data/phoenix.db");
  }

  @Test
  void OXY_33_sqlxHasTwoSlashesAndTheAbsolutePath() {
    assertThat(values(Backend.SQLITE, "")).containsEntry("uri-sqlx", "sqlite:///data/phoenix.db");
  }

  @Test
  void PHX_06_sqliteHasNoServersKeys() {
    assertThat(values(Backend.SQLITE, ""))
        .doesNotContainKeys(
            "host", "port", "username", "password", "PGHOST", "PGPASSWORD", "sslmode");
  }

  @Test
  void CLO_11_whatSqliteHasPerConnectionIsToldAndCanBePlaced() {
    InstanceModel model =
        model(
            "backend: SQLite\nsqlite: {synchronous: FULL, busyTimeout: 2s}\n"
                + "binding: {env: {S: '{synchronous}', T: '{busy-timeout-ms}', GO:"
                + " '{uri-file}?_busy_timeout={busy-timeout-ms}'}}");
    assertThat(render(model, Backend.SQLITE))
        .containsEntry("synchronous", "FULL")
        .containsEntry("busy-timeout-ms", "2000")
        .containsEntry("S", "FULL")
        .containsEntry("T", "2000")
        .containsEntry("GO", "file:/data/phoenix.db?_busy_timeout=2000");
    assertThat(render(model, Backend.POSTGRESQL))
        .doesNotContainKeys("synchronous", "busy-timeout-ms", "S", "T", "GO");
    assertThat(values(Backend.SQLITE, ""))
        .containsEntry("synchronous", "NORMAL")
        .containsEntry("busy-timeout-ms", "5000");
    assertThat(values(Backend.SQLITE, "sqlite: {inMemory: true}"))
        .doesNotContainKeys("synchronous", "busy-timeout-ms");
  }

  @Test
  void PHX_13_theStandardUrl() {
    assertThat(values(Backend.POSTGRESQL, "postgresql: {database: phoenix_db}"))
        .containsEntry(
            "uri", "postgresql://phoenix_db:secret@phoenix-postgresql.shop.svc:5432/phoenix_db");
  }

  @Test
  void PHX_14_withoutAPasswordThereIsNoKeyOfIt() {
    Map<String, String> values =
        BindingValues.of(model("backend: SQLite"), Backend.POSTGRESQL, null);
    assertThat(values).doesNotContainKeys("password", "PGPASSWORD");
    assertThat(values)
        .containsEntry("uri", "postgresql://phoenix@phoenix-postgresql.shop.svc:5432/phoenix");
  }

  @Test
  void CLB_13_asyncpgHasNoTlsParameter() {
    assertThat(values(Backend.POSTGRESQL, "ssl: {mode: prefer}"))
        .containsEntry(
            "uri-asyncpg",
            "postgresql+asyncpg://phoenix:secret@phoenix-postgresql.shop.svc:5432/phoenix")
        .containsEntry("PGSSLMODE", "prefer");
  }

  @Test
  void PHX_20_CLO_20_noUrlCarriesPoolParameters() {
    for (Backend backend : Backend.values()) {
      assertThat(values(backend, POOL).values())
          .noneMatch(v -> v.contains("pool") || v.contains("overflow"));
    }
  }

  @Test
  void PHX_22_whoVerifiesIsToldWhereTheCertificatesAre() {
    String root = "/etc/wharfinger/phoenix/ca.crt";
    for (String mode : new String[] {"verify-ca", "verify-full"}) {
      InstanceModel model = model("backend: SQLite\nssl: {mode: " + mode + "}").trusting("PEM");
      String words = "?sslmode=" + mode + "&sslrootcert=" + root;
      assertThat(BindingValues.of(model, Backend.POSTGRESQL, "secret"))
          .containsEntry("ca.crt", "PEM")
          .containsEntry("sslrootcert", root)
          .containsEntry("PGSSLROOTCERT", root)
          .hasEntrySatisfying("uri-ssl", v -> assertThat(v).endsWith(words))
          .hasEntrySatisfying("uri-postgres", v -> assertThat(v).endsWith(words))
          .hasEntrySatisfying("uri-psycopg", v -> assertThat(v).endsWith(words))
          .hasEntrySatisfying("jdbc-url", v -> assertThat(v).endsWith(words))
          .hasEntrySatisfying("jdbc-uri", v -> assertThat(v).contains(words + "&user="))
          .hasEntrySatisfying("dsn", v -> assertThat(v).endsWith(" sslrootcert=" + root))
          .hasEntrySatisfying("npgsql", v -> assertThat(v).endsWith(";Root Certificate=" + root))
          // Neither driver that reads these knows the word.
          .hasEntrySatisfying("uri", v -> assertThat(v).doesNotContain("ssl"))
          .hasEntrySatisfying("uri-asyncpg", v -> assertThat(v).doesNotContain("ssl"));
    }
  }

  @Test
  void PHX_22_whoDoesNotVerifyIsNotMadeTo() {
    InstanceModel model = model("backend: SQLite\nssl: {mode: require}").trusting("PEM");
    // With a root certificate libpq verifies even with "require".
    assertThat(BindingValues.of(model, Backend.POSTGRESQL, "secret"))
        .containsEntry("ca.crt", "PEM")
        .doesNotContainKeys("sslrootcert", "PGSSLROOTCERT")
        .hasEntrySatisfying("uri-ssl", v -> assertThat(v).endsWith("?sslmode=require"));
    assertThat(values(Backend.SQLITE, "ssl: {mode: verify-full}"))
        .doesNotContainKeys("ca.crt", "sslrootcert", "PGSSLROOTCERT", "sslmode");
    assertThat(BindingValues.of(model("backend: SQLite").trusting("PEM"), Backend.POSTGRESQL, "x"))
        .containsEntry("sslmode", "disable")
        .doesNotContainKeys("ca.crt", "sslrootcert");
  }

  @Test
  void PHX_21_libpqDialectsCarryTheMode() {
    assertThat(values(Backend.POSTGRESQL, "ssl: {mode: prefer}"))
        .hasEntrySatisfying("uri-ssl", v -> assertThat(v).endsWith("?sslmode=prefer"))
        .hasEntrySatisfying("uri-psycopg", v -> assertThat(v).endsWith("?sslmode=prefer"))
        .hasEntrySatisfying("uri-postgres", v -> assertThat(v).startsWith("postgres://"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p@ss",
        "a/b",
        "100%",
        "a:b",
        "a+b",
        "it's",
        "\"q\"",
        "back\\slash",
        "a b",
        "ü€",
        "?#[]&=;",
        "%40"
      })
  void PHX_10_passwordsAreReadBackAsTheyWere(String password) {
    Map<String, String> values =
        BindingValues.of(model("backend: SQLite"), Backend.POSTGRESQL, password);
    assertThat(values).containsEntry("password", password).containsEntry("PGPASSWORD", password);
    for (String key :
        new String[] {"uri", "uri-ssl", "uri-postgres", "uri-asyncpg", "uri-psycopg"}) {
      URI uri = URI.create(values.get(key));
      assertThat(uri.getHost()).isEqualTo("phoenix-postgresql.shop.svc");
      assertThat(uri.getPort()).isEqualTo(5432);
      assertThat(uri.getPath()).isEqualTo("/phoenix");
      assertThat(uri.getUserInfo()).isEqualTo("phoenix:" + password);
      // Form decoding reads "+" as a space; what it reads must be the password all the same.
      assertThat(URLDecoder.decode(uri.getRawUserInfo(), StandardCharsets.UTF_8))
          .isEqualTo("phoenix:" + password);
    }
  }

  @Test
  void OXY_51_theJdbcUrlIsReadByTheDriver() {
    Properties read =
        Driver.parseURL(
            values(Backend.POSTGRESQL, "ssl: {mode: prefer}").get("jdbc-url"), new Properties());
    assertThat(read)
        .containsEntry("PGHOST", "phoenix-postgresql.shop.svc")
        .containsEntry("PGDBNAME", "phoenix")
        .containsEntry("sslmode", "prefer");
  }

  @Test
  void percentEncodingKeepsUnreservedCharactersOnly() {
    assertThat(PercentEncoding.encode("AZaz09-._~ +/é")).isEqualTo("AZaz09-._~%20%2B%2F%C3%A9");
    assertThat(Pattern.matches("[A-Za-z0-9._~%-]*", PercentEncoding.encode("\u0000\n\u007f€😀")))
        .isTrue();
  }

  @Test
  void variablesOfTheOtherBackendDisappear() {
    InstanceModel model =
        model("backend: SQLite\nbinding: {env: {A: '{path}', B: '{host}:{port}', C: '{backend}'}}");
    assertThat(render(model, Backend.SQLITE)).containsKeys("A", "C").doesNotContainKey("B");
    assertThat(render(model, Backend.POSTGRESQL))
        .doesNotContainKey("A")
        .containsEntry("B", "phoenix-postgresql.shop.svc:5432")
        .containsEntry("C", "PostgreSQL");
  }

  @Test
  void CLO_22_howLongToConnectIsToldByLibpqsWords() {
    InstanceModel model =
        model(
            "backend: SQLite\n"
                + "binding: {env: {URL: '{url.libpq}&connect_timeout=10', PGCONNECT_TIMEOUT:"
                + " '{type|map:postgresql=}10'}}");
    assertThat(render(model, Backend.POSTGRESQL))
        .containsEntry("PGCONNECT_TIMEOUT", "10")
        .hasEntrySatisfying(
            "URL", v -> assertThat(v).endsWith("?sslmode=disable&connect_timeout=10"));
    assertThat(render(model, Backend.SQLITE)).doesNotContainKeys("URL", "PGCONNECT_TIMEOUT");
  }

  @Test
  void CLO_22_howLongToConnectIsToldToDriversThatTakeItAlone() {
    Map<String, String> said = values(Backend.POSTGRESQL, "pool: {connectTimeout: 10s}");
    Map<String, String> silent = values(Backend.POSTGRESQL, "");
    assertThat(said).containsEntry("PGCONNECT_TIMEOUT", "10");
    for (String key : List.of("uri-postgres", "uri-psycopg", "uri-psycopg2")) {
      assertThat(said).containsEntry(key, silent.get(key) + "&connect_timeout=10");
    }
    assertThat(said)
        .containsEntry("dsn", silent.get("dsn") + " connect_timeout=10")
        .containsEntry("npgsql", silent.get("npgsql") + ";Timeout=10");
    for (String key : List.of("jdbc-url", "jdbc-uri")) {
      assertThat(Driver.parseURL(said.get(key), new Properties()))
          .containsEntry("connectTimeout", "10");
    }
    for (String key : List.of("uri", "uri-ssl", "uri-asyncpg", "fqdn-uri")) {
      assertThat(said).containsEntry(key, silent.get(key));
    }
    assertThat(silent).doesNotContainKey("PGCONNECT_TIMEOUT");
    assertThat(values(Backend.SQLITE, "pool: {connectTimeout: 10s}"))
        .isEqualTo(values(Backend.SQLITE, ""));
  }

  @Test
  void CLO_22_theTemplateForLibpqHasItToo() {
    InstanceModel model =
        model(
            "backend: SQLite\npool: {connectTimeout: 10s}\n"
                + "binding: {env: {URL: '{url.libpq}', SECONDS: '{pool.connectTimeoutSeconds}'}}");
    assertThat(render(model, Backend.POSTGRESQL))
        .containsEntry("SECONDS", "10")
        .hasEntrySatisfying(
            "URL", v -> assertThat(v).endsWith("?sslmode=disable&connect_timeout=10"));
    assertThat(render(model, Backend.SQLITE)).doesNotContainKey("URL");
  }

  /** CLO-29 too. */
  @Test
  void CLB_08_CLB_09_thePoolGoesWhereTheTemplateSays() {
    InstanceModel model =
        model(
            "backend: SQLite\n"
                + POOL
                + "\nbinding: {env: {LEAST: '{pool.minSize}', SIZE: '{pool.maxSize}', MORE:"
                + " '{pool.maxOverflow}', T: '{pool.timeoutSeconds}.0'}}");
    for (Backend backend : Backend.values()) {
      assertThat(render(model, backend))
          .containsEntry("LEAST", "2")
          .containsEntry("SIZE", "20")
          .containsEntry("MORE", "10")
          .containsEntry("T", "30.0");
    }
    // A pool that says nothing leaves the variable out.
    assertThat(
            render(
                model("backend: SQLite\nbinding: {env: {SIZE: '{pool.maxSize}'}}"), Backend.SQLITE))
        .doesNotContainKey("SIZE");
  }

  @Test
  void theKeysOfOtherOperatorsAreThereToo() {
    assertThat(values(Backend.POSTGRESQL, ""))
        .containsEntry("user", "phoenix")
        .containsEntry("dbname", "phoenix")
        .containsEntry("pgpass", "phoenix-postgresql.shop.svc:5432:phoenix:phoenix:secret\n")
        .containsEntry(
            "dsn",
            "host=phoenix-postgresql.shop.svc port=5432 dbname='phoenix' user='phoenix'"
                + " password='secret' sslmode=disable")
        .containsEntry(
            "jdbc-uri",
            "jdbc:postgresql://phoenix-postgresql.shop.svc:5432/phoenix?sslmode=disable&user=phoenix&password=secret")
        .containsEntry(
            "npgsql",
            "Host=phoenix-postgresql.shop.svc;Port=5432;Database=phoenix;Username=phoenix;Password=\"secret\";SSL"
                + " Mode=Disable");
  }

  @Test
  void PIP_05_everyFileHasItsWords() {
    InstanceModel model =
        model(
            "backend: SQLite\n"
                + "sqlite: {databases: [db.sqlite3, checkpoints.db, a.x, a.y]}\n"
                + "binding: {env: {C: '{db.checkpoints.uri}', D: '{db.db.path}', B:"
                + " '{db.db.database}'}}");
    assertThat(render(model, Backend.SQLITE))
        .containsEntry("C", "sqlite:////data/checkpoints.db")
        .containsEntry("D", "/data/db.sqlite3")
        .containsEntry("B", "db.sqlite3");
    assertThat(render(model, Backend.POSTGRESQL))
        .containsEntry("B", "phoenix")
        .doesNotContainKeys("C", "D");
    // Neither a.x nor a.y is meant by "a".
    assertThat(BindingWords.known(model)).noneMatch(w -> w.startsWith("db.a."));
  }

  @Test
  void PIP_05_aFileThatNoMoveTakesAlongIsToldOnBothBackends() {
    InstanceModel model =
        model(
            "backend: PostgreSQL\n"
                + "sqlite: {databases: [db.sqlite3, checkpoints.db, jobs.db], unmovedDatabases:"
                + " [checkpoints.db]}\n"
                + "binding: {env: {C: '{db.checkpoints.path}', J: '{db.jobs.path}', D:"
                + " '{db.db.path}', B: '{db.db.database}'}}");
    assertThat(render(model, Backend.SQLITE))
        .containsEntry("C", "/data/checkpoints.db")
        .containsEntry("J", "/data/jobs.db");
    assertThat(render(model, Backend.POSTGRESQL))
        .containsEntry("C", "/data/checkpoints.db")
        .containsEntry("B", "phoenix")
        .doesNotContainKeys("D", "J");
    assertThat(model.sqlite().leftBehind()).containsExactly("jobs.db");
  }

  @Test
  void templatesThatGrowBeyondASecretAreRefused() {
    String env =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i -> "V" + i + ": '" + "{npgsql}".repeat(128) + "'")
            .collect(java.util.stream.Collectors.joining(", "));
    InstanceModel model = model("backend: SQLite\nbinding: {env: {" + env + "}}");
    assertThatThrownBy(() -> BindingTemplate.check(model))
        .isInstanceOf(StalledException.class)
        .hasMessageContaining("more than 512 KiB on PostgreSQL");
  }

  @Test
  void anUnknownPlaceholderNamesTheKnownOnes() {
    InstanceModel model = model("backend: SQLite\nbinding: {env: {URL: '{url.sqlalchmy}'}}");
    assertThatThrownBy(() -> render(model, Backend.SQLITE))
        .isInstanceOf(StalledException.class)
        .hasMessageStartingWith(
            "binding.env.URL cannot be used, at character 1: {url.sqlalchmy} is not known; known"
                + " are ")
        .hasMessageContainingAll("url.sqlalchemy", "PGHOST", "path", "pool.maxSize");
  }

  private static Map<String, String> render(InstanceModel model, Backend backend) {
    return BindingTemplate.render(model, backend, BindingValues.of(model, backend, "$1\\p"));
  }

  @Test
  void CLB_18_CLO_30_textWithoutPlaceholdersIsToldOnBothBackends() {
    InstanceModel model =
        model(
            "backend: SQLite\n"
                + "binding: {env: {CODEX_LB_DATABASE_MIGRATE_ON_STARTUP: 'false', ENVIRONMENT:"
                + " staging}}");
    for (Backend backend : Backend.values()) {
      assertThat(render(model, backend))
          .containsEntry("CODEX_LB_DATABASE_MIGRATE_ON_STARTUP", "false")
          .containsEntry("ENVIRONMENT", "staging");
    }
  }

  @Test
  void valuesWithSpecialCharactersAreFilledInAsTheyAre() {
    InstanceModel model = model("backend: SQLite\nbinding: {env: {P: '<{password}>'}}");
    assertThat(render(model, Backend.POSTGRESQL)).containsEntry("P", "<$1\\p>");
  }
}
