package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.backup.store.TargetException;
import dev.wharfinger.runner.backup.store.s3.S3Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a bucket is reached: by options, else by variables, else as most stores are. */
class TargetArgumentsTest {
  @TempDir private Path directory;

  private static S3Settings settings(Map<String, String> environment, String... options) {
    return TargetArguments.settings(
        Options.parse(List.of(options), TargetArguments.with("--from"), Set.of()), environment);
  }

  @Test
  void withoutAnythingItIsAmazonsFirstRegion() {
    S3Settings settings = settings(Map.of());

    assertThat(settings.endpoint()).isNull();
    assertThat(settings.region()).isEqualTo("us-east-1");
    assertThat(settings.pathStyle()).isFalse();
    assertThat(settings.partBytes()).isEqualTo(16 << 20);
  }

  @Test
  void optionsGoBeforeVariables() {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL", "https://other.example.com",
            "AWS_ENDPOINT_URL_S3", "https://s3.example.com:9000/",
            "AWS_REGION", "",
            "AWS_DEFAULT_REGION", "garage");

    S3Settings by = settings(environment);
    assertThat(by.endpoint()).isEqualTo(URI.create("https://s3.example.com:9000"));
    assertThat(by.region()).isEqualTo("garage");
    assertThat(by.pathStyle()).isTrue();

    S3Settings said =
        settings(
            environment,
            "--endpoint",
            "http://[::1]:1",
            "--region",
            "eu-1",
            "--path-style",
            "false",
            "--part-size",
            "64");
    assertThat(said.endpoint()).isEqualTo(URI.create("http://[::1]:1"));
    assertThat(said.region()).isEqualTo("eu-1");
    assertThat(said.pathStyle()).isFalse();
    assertThat(said.partBytes()).isEqualTo(64 << 20);
  }

  @Test
  void keysOfADirectoryGoBeforeThoseOfTheEnvironment() throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "hush", "AWS_SESSION_TOKEN", "t");
    S3Settings files = settings(environment, "--credentials-dir", directory.toString());
    assertThatThrownBy(() -> files.keys().read())
        .isInstanceOfSatisfying(
            TargetException.class, e -> assertThat(e.reason()).isEqualTo("credentials-missing"));
    Files.writeString(directory.resolve("AWS_ACCESS_KEY_ID"), "other\n");
    Files.writeString(directory.resolve("AWS_SECRET_ACCESS_KEY"), "hush too\n");

    assertThat(files.keys().read().id()).isEqualTo("other");
    assertThat(files.keys().read().secret()).isEqualTo("hush too");
    assertThat(files.keys().read().token()).isNull();
    assertThat(settings(environment).keys().read().token()).isEqualTo("t");
    assertThat(settings(environment).keys().read()).asString().doesNotContain("hush");
  }
}
