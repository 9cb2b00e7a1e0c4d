package dev.wharfinger.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator's configuration, read once from the environment that the chart sets.
 *
 * @param watchNamespaces namespaces whose resources are served, never empty
 * @param namespace the operator's own namespace, where its lease lives
 * @param identity the operator's pod name, its identity in leader election
 * @param image the operator's own image, which Jobs run too
 * @param imagePullSecrets Secrets of the served namespaces with which servers and Jobs pull images
 * @param postgresImages PostgreSQL major version → image, the catalogue
 * @param allowSchemaCommands whether a resource may name a command to run in a consumer's image
 * @param connectionChecks how long after a look at a server that is served there is another; zero
 *     for never
 * @param leaderElection whether to take the lease before writing
 * @param managementPort port of health and metrics
 */
public record OperatorConfig(
    Set<String> watchNamespaces,
    String namespace,
    String identity,
    String image,
    List<LocalObjectReference> imagePullSecrets,
    Map<String, PostgresImage> postgresImages,
    boolean allowSchemaCommands,
    Duration connectionChecks,
    boolean leaderElection,
    int managementPort) {

  /**
   * One entry of the catalogue.
   *
   * @param image image reference
   * @param uid the image's postgres user; {@code initdb} insists on a user that exists
   * @param gid its group
   */
  public record PostgresImage(String image, long uid, long gid) {}

  /**
   * Reads the configuration.
   *
   * @throws IllegalArgumentException naming the variable that is missing or malformed
   */
  public static OperatorConfig fromEnvironment(Map<String, String> env) {
    String namespace = required(env, "POD_NAMESPACE");
    return new OperatorConfig(
        namespaces(env.getOrDefault("WHARFINGER_WATCH_NAMESPACES", ""), namespace),
        namespace,
        env.getOrDefault("POD_NAME", "wharfinger"),
        required(env, "WHARFINGER_IMAGE"),
        words(env.getOrDefault("WHARFINGER_IMAGE_PULL_SECRETS", ""))
            .map(LocalObjectReference::new)
            .toList(),
        images(required(env, "WHARFINGER_POSTGRES_IMAGES")),
        Boolean.parseBoolean(env.getOrDefault("WHARFINGER_ALLOW_SCHEMA_COMMANDS", "false")),
        minutes(env.getOrDefault("WHARFINGER_CONNECTION_CHECK_MINUTES", "0")),
        Boolean.parseBoolean(env.getOrDefault("WHARFINGER_LEADER_ELECTION", "false")),
        Integer.parseInt(env.getOrDefault("WHARFINGER_MANAGEMENT_PORT", "8080")));
  }

  private static Set<String> namespaces(String list, String own) {
    Set<String> names = words(list).collect(Collectors.toUnmodifiableSet());
    return names.isEmpty() ? Set.of(own) : names;
  }

  private static Duration minutes(String number) {
    if (!number.matches("[0-9]{1,4}")) {
      throw new IllegalArgumentException(
          "WHARFINGER_CONNECTION_CHECK_MINUTES must be a number of minutes, or 0 for never");
    }
    return Duration.ofMinutes(Integer.parseInt(number));
  }

  private static Stream<String> words(String list) {
    return Arrays.stream(list.split(",")).map(String::trim).filter(s -> !s.isEmpty());
  }

  private static Map<String, PostgresImage> images(String json) {
    try {
      return new TreeMap<>(
          new ObjectMapper().readValue(json, new TypeReference<Map<String, PostgresImage>>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "WHARFINGER_POSTGRES_IMAGES must be JSON such as {\"17\": {\"image\": \"…\", \"uid\":"
              + " 999, \"gid\": 999}}",
          e);
    }
  }

  private static String required(Map<String, String> env, String name) {
    String value = env.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("the environment variable " + name + " is not set");
    }
    return value;
  }
}
