package dev.wharfinger.testing;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Objects as YAML, read and written the way the client does it. */
public final class Yaml {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Yaml() {}

  /** Reads one object. */
  public static <T> T read(Class<T> type, String yaml) {
    return SERIALIZATION.unmarshal(yaml, type);
  }

  /** Writes one object. */
  public static String write(Object object) {
    return SERIALIZATION.asYaml(object);
  }
}
