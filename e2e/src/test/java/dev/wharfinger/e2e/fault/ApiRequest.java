package dev.wharfinger.e2e.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One request of the operator, as the API server would name it. */
final class ApiRequest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> MUTATING = Set.of("create", "update", "patch", "delete");

  private final String verb;
  private final String resource;
  private final String namespace;
  private final String name;
  private final URI uri;
  private final byte[] body;

  /** The answer's code: 0 before it came, -1 where none was given. */
  volatile int code;

  private ApiRequest(
      String verb, String resource, String namespace, String name, URI uri, byte[] body) {
    this.verb = verb;
    this.resource = resource;
    this.namespace = namespace;
    this.name = name;
    this.uri = uri;
    this.body = body;
  }

  static ApiRequest of(String method, URI uri, byte[] body) {
    List<String> parts = Arrays.stream(uri.getPath().split("/")).filter(p -> !p.isEmpty()).toList();
    // /api/v1/… or /apis/GROUP/VERSION/…
    int at = !parts.isEmpty() && parts.getFirst().equals("apis") ? 3 : 2;
    String namespace = "";
    if (parts.size() > at + 2 && parts.get(at).equals("namespaces")) {
      namespace = parts.get(at + 1);
      at += 2;
    }
    String resource = part(parts, at);
    String name = part(parts, at + 1);
    String subresource = part(parts, at + 2);
    String verb =
        switch (method) {
          case "GET" -> name.isEmpty() ? watches(uri) ? "watch" : "list" : "get";
          case "POST" -> "create";
          case "PUT" -> "update";
          default -> method.toLowerCase(Locale.ROOT);
        };
    if (verb.equals("create") && name.isEmpty()) {
      name = parse(body).at("/metadata/name").asText();
    }
    return new ApiRequest(
        verb,
        subresource.isEmpty() ? resource : resource + "/" + subresource,
        namespace,
        name,
        uri,
        body);
  }

  private static boolean watches(URI uri) {
    return uri.getQuery() != null && uri.getQuery().contains("watch=true");
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  /** The API server's verb: get, list, watch, create, update, patch or delete. */
  String verb() {
    return verb;
  }

  /** The plural, with the subresource after a slash. */
  String resource() {
    return resource;
  }

  String namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  URI uri() {
    return uri;
  }

  byte[] body() {
    return body;
  }

  /** The body; missing where it is no JSON. */
  JsonNode json() {
    return parse(body);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A question about rights is created too, and changes nothing. */
  boolean mutating() {
    return MUTATING.contains(verb) && !resource.endsWith("reviews");
  }

  boolean reads() {
    return verb.equals("get") || verb.equals("list");
  }

  /** A write that is about the objects themselves: neither the lease nor a note for people. */
  boolean counts() {
    return mutating() && !resource.equals("leases") && !resource.equals("events");
  }

  boolean is(String verb, String resource) {
    return this.verb.equals(verb) && this.resource.equals(resource);
  }

  /** Whether the API server did it. */
  boolean applied() {
    return code >= 200 && code < 300;
  }

  @Override
  public String toString() {
    return "%s %s %s%s -> %s"
        .formatted(
            verb,
            resource,
            name,
            mutating() ? " " + Integer.toHexString(Arrays.hashCode(body)) : "",
            code);
  }
}
