package dev.wharfinger.e2e.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The objects of a namespace without what is by nature different in every run: uids and random
 * values are replaced by what they stand for, times by a word.
 */
final class EndState {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NEVER_EQUAL =
      List.of("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation");

  /**
   * Whether the operator looks between the start of the runner and its commit is chance, and so is
   * whether it is away between noting the fence and stopping anybody, and which reading of a schema
   * finds it as expected.
   */
  private static final Set<String> BY_CHANCE =
      Set.of(
          "wharfinger.dev/runner-started", "wharfinger.dev/fenced-again", "wharfinger.dev/reading");

  private static final List<String> OF_THE_APPLICATION =
      List.of("ConnectionBudget", "SingleWriter");

  private EndState() {}

  /** Kind and name → the object as sorted JSON. */
  static Map<String, String> of(Lane lane) {
    Map<String, String> words = uids(lane);
    Pems pems = new Pems(lane.history());
    Map<String, JsonNode> objects = new TreeMap<>();
    for (Class<? extends HasMetadata> kind : Lookout.KINDS) {
      if (kind != Pod.class) {
        lane.client()
            .resources(kind)
            .inNamespace(lane.namespace())
            .list()
            .getItems()
            .forEach(o -> {
              if (o instanceof Secret secret) {
                secrets(secret, words);
              }
              objects.put(o.getKind() + "/" + o.getMetadata().getName(), node(o, pems));
            });
      }
    }
    words.put(lane.namespace(), "<namespace>");
    Map<String, String> result = new TreeMap<>();
    objects.forEach((name, node) -> result.put(say(name, words), say(node, words)));
    Volumes.of(lane).forEach((name, text) -> result.put(name, say(text, words)));
    return result;
  }

  /** Every uid that was ever seen, and whose it was. */
  private static Map<String, String> uids(Lane lane) {
    Map<String, String> words = new TreeMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (History.Entry entry : lane.history().entries()) {
      if (entry.event() instanceof History.Seen(var kind, HasMetadata object)) {
        String uid = object.getMetadata().getUid();
        if (!words.containsKey(uid)) {
          String name = object.getKind() + "/" + probes(object.getMetadata().getName());
          words.put(
              uid,
              // How often a schema is read until it is as expected is chance.
              name.contains("-revision-<hash>")
                  ? "<uid of %s>".formatted(name)
                  : "<uid of %s#%d>".formatted(name, counts.merge(name, 1, Integer::sum)));
        }
      }
    }
    return words;
  }

  private static void secrets(Secret secret, Map<String, String> words) {
    if (secret.getMetadata().getName().matches(".*-(credentials|role)")) {
      References.decoded(secret)
          .forEach((key, value) -> {
            if (key.equals("password") || key.equals("data-id")) {
              words.put(value, "<" + key + ">");
            }
          });
    }
  }

  private static JsonNode node(HasMetadata object, Pems pems) {
    ObjectNode node = JSON.valueToTree(object);
    ObjectNode metadata = (ObjectNode) node.get("metadata");
    metadata.remove(NEVER_EQUAL);
    for (String foreign : new String[] {"annotations", "labels"}) {
      if (metadata.has(foreign)) {
        ObjectNode map = (ObjectNode) metadata.get(foreign);
        map.remove(
            map.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith("example.com/") || BY_CHANCE.contains(key))
                .toList());
        if (map.isEmpty()) {
          metadata.remove(foreign);
        }
      }
    }
    if (!object.getApiVersion().startsWith("wharfinger.dev/")) {
      node.remove("status");
    } else if (node.path("status").has("progress")) {
      // Read now and then from a log; whether at the right moment is chance.
      ((ObjectNode) node.get("status")).remove("progress");
    }
    // What it saw of the application at its last look; when that was is chance.
    JsonNode conditions = node.path("status").path("conditions");
    for (var each = conditions.elements(); each.hasNext(); ) {
      if (OF_THE_APPLICATION.contains(each.next().path("type").asText())) {
        each.remove();
      }
    }
    if (object instanceof Job) {
      // Beside a pod of the application, if one ran at that moment.
      node.withObject("/spec/template/spec").remove("affinity");
    }
    if (node.path("spec").has("clusterIPs")) {
      ((ObjectNode) node.get("spec")).remove(List.of("clusterIP", "clusterIPs"));
    }
    if (object instanceof Secret secret) {
      Map<String, String> data = new TreeMap<>(References.decoded(secret));
      // Its verifier has a salt, and stands in a text around it.
      data.computeIfPresent("bootstrap.sql", (key, value) -> "<verifier>");
      data.computeIfPresent("verifier", (key, value) -> "<verifier>");
      data.replaceAll((key, value) -> pems.say(value));
      node.set("data", JSON.valueToTree(data));
    }
    return node;
  }

  private static String say(JsonNode node, Map<String, String> words) {
    try {
      Object sorted = JSON.treeToValue(node, Object.class);
      String text =
          JSON.writerWithDefaultPrettyPrinter()
              .with(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
              .writeValueAsString(sorted);
      return say(text, words)
          .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>")
          .replaceAll("\"PT[0-9.HMS]+\"", "\"<duration>\"");
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String say(String text, Map<String, String> words) {
    String said = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      // A prefix of a uid names the server of a dry run.
      said = said.replace(word.getKey(), word.getValue());
    }
    return probes(said.replaceAll("-dry-[0-9a-f]{6}", "-dry-<hash>"));
  }

  /**
   * The name of a probe tells the versions of the Secrets that it was made for, that of a Job for a
   * password a wish of its own; that of a reading, which one it is; that of a backup before
   * migrations, and of its Job and set, whose Job and backup was before.
   */
  private static String probes(String text) {
    return text.replaceAll("-(probe|password|revision)-[0-9a-f]{8}", "-$1-<hash>")
        .replaceAll("-schema-[0-9a-f]{8}(-[0-9a-f]{8})?", "-schema-<hash>");
  }

  /** The lines in which two states differ; empty where they do not. */
  static String difference(Map<String, String> wanted, Map<String, String> is) {
    List<String> lines = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      String a = wanted.getOrDefault(name, "(not there)");
      String b = is.getOrDefault(name, "(not there)");
      if (!a.equals(b)) {
        lines.add(name);
        List<String> left = a.lines().toList();
        List<String> right = b.lines().toList();
        left.stream().filter(l -> !right.contains(l)).forEach(l -> lines.add("  - " + l));
        right.stream().filter(l -> !left.contains(l)).forEach(l -> lines.add("  + " + l));
      }
    }
    return String.join("\n", lines);
  }
}
