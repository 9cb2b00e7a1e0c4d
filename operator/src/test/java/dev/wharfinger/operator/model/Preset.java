package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** What a preset gives, with everything set and a password of every kind of character. */
public final class Preset {
  /** Of each kind that some parser stumbles over. */
  public static final String PASSWORD = "p@ss/w%rd:+'\"\\ {x}?#&=;$";

  private Preset() {}

  /** All names. */
  public static Set<String> names() {
    return BindingPreset.ALL.keySet();
  }

  /** An instance with that preset. */
  static InstanceModel model(String preset) {
    return model(preset, "disable");
  }

  private static InstanceModel model(String preset, String sslMode) {
    String file = Objects.requireNonNull(BindingPreset.ALL.get(preset)).mainDatabase();
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: app, namespace: shop, uid: u}
            spec:
              backend: SQLite
              sqlite: {databases: [%s]}
              pool: {minSize: 2, maxSize: 20, maxOverflow: 10, timeout: 30s, recycle: 55m}
              binding: {preset: %s, mountPath: /mnt/data}
              ssl: {mode: %s}
            """
                .formatted(file == null ? "app.db" : file, preset, sslMode)),
        RunningOperator.config("shop"));
  }

  /** The keys that it adds to the binding. */
  public static Map<String, String> keys(String preset, Backend backend) {
    return keys(model(preset), backend);
  }

  /** Those of its keys that are others where the application is to verify the server. */
  static Map<String, String> verifying(String preset) {
    Map<String, String> verifying =
        new TreeMap<>(
            keys(model(preset, "verify-full").trusting("(certificates)"), Backend.POSTGRESQL));
    keys(preset, Backend.POSTGRESQL).forEach(verifying::remove);
    return verifying;
  }

  private static Map<String, String> keys(InstanceModel model, Backend backend) {
    Map<String, String> values = BindingValues.of(model, backend, PASSWORD);
    Map<String, String> added = new TreeMap<>(BindingTemplate.render(model, backend, values));
    added.keySet().removeAll(values.keySet());
    return added;
  }

  /** What every binding has. */
  public static Map<String, String> binding(Backend backend) {
    return BindingValues.of(model("phoenix"), backend, PASSWORD);
  }
}
