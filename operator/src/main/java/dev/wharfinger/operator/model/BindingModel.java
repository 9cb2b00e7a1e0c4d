package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.BindingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the application's choosing.
 *
 * @param preset the application they are known for, or null
 * @param env variables and their templates, sorted
 * @param files names of files and their templates, sorted
 */
public record BindingModel(
    @Nullable String preset, Map<String, String> env, Map<String, String> files) {

  /**
   * One template.
   *
   * @param name where it was said, for messages
   * @param key its key in the Secret
   */
  record Field(String name, String key, String template) {}

  static BindingModel of(BindingSpec spec) {
    return new BindingModel(spec.preset(), sorted(spec.env()), sorted(spec.files()));
  }

  private static Map<String, String> sorted(@Nullable Map<String, String> templates) {
    return new TreeMap<>(Objects.requireNonNullElse(templates, Map.of()));
  }

  /**
   * All templates; what the resource says itself comes after its preset, and wins.
   *
   * @throws StalledException for a preset that this operator does not have
   */
  List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    if (preset != null) {
      BindingPreset known = preset(preset);
      String field = "binding.preset " + preset + ", ";
      known.env().forEach((key, template) -> fields.add(new Field(field + key, key, template)));
      known.files().forEach((key, template) -> fields.add(new Field(field + key, key, template)));
      fields.removeIf(f -> env.containsKey(f.key()) || files.containsKey(f.key()));
    }
    env.forEach((key, text) -> fields.add(new Field("binding.env." + key, key, text)));
    files.forEach((key, text) -> fields.add(new Field("binding.files[" + key + "]", key, text)));
    return fields;
  }

  /**
   * An application that names its file itself would write beside the one that is kept and moved.
   *
   * @throws StalledException where the instance's main database has another name
   */
  void requireMainDatabase(String mainDatabase) {
    String needed = preset == null ? null : preset(preset).mainDatabase();
    if (needed != null && !needed.equals(mainDatabase)) {
      throw new StalledException(
          "BindingPresetUnfit",
          "binding.preset "
              + preset
              + " is for an application that always names its file "
              + needed
              + ", and the main database is "
              + mainDatabase
              + ": make a StorageInstance with sqlite.databases: ["
              + needed
              + "], as the name is fixed");
    }
  }

  private static BindingPreset preset(String name) {
    BindingPreset preset = BindingPreset.ALL.get(name);
    if (preset == null) {
      throw new StalledException(
          "BindingPresetUnknown",
          "binding.preset "
              + name
              + " is not known to this operator; it has "
              + String.join(", ", BindingPreset.ALL.keySet())
              + "; choose one, or say its variables in binding.env");
    }
    return preset;
  }
}
