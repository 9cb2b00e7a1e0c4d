package dev.wharfinger.operator.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an application is known to read: the same templates that a resource could say itself.
 *
 * @param application its name
 * @param mainDatabase the name it gives its SQLite file, or null where it can be told one
 * @param env variables and their templates, sorted
 * @param files names of files and their templates, sorted
 */
public record BindingPreset(
    @JsonProperty(required = true) String application,
    @Nullable String mainDatabase,
    Map<String, String> env,
    Map<String, String> files) {

  /** All of them by name. */
  public static final Map<String, BindingPreset> ALL = read();

  /** What is not said is empty. */
  public BindingPreset(
      String application,
      @Nullable String mainDatabase,
      @Nullable Map<String, String> env,
      @Nullable Map<String, String> files) {
    this.application = application;
    this.mainDatabase = mainDatabase;
    this.env = Collections.unmodifiableMap(new TreeMap<>(orEmpty(env)));
    this.files = Collections.unmodifiableMap(new TreeMap<>(orEmpty(files)));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> templates) {
    return Objects.requireNonNullElse(templates, Map.of());
  }

  private static Map<String, BindingPreset> read() {
    try (InputStream presets = BindingPreset.class.getResourceAsStream("presets.yaml")) {
      TreeMap<String, BindingPreset> all =
          new YAMLMapper().readValue(Objects.requireNonNull(presets), new TypeReference<>() {});
      return Collections.unmodifiableMap(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
