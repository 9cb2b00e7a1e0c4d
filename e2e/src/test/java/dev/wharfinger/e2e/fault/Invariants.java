package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.e2e.fault.History.Asked;
import dev.wharfinger.e2e.fault.History.Entry;
import dev.wharfinger.e2e.fault.History.Happened;
import dev.wharfinger.e2e.fault.History.Seen;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What must be true at every moment, judged event by event. The first event that breaks one is
 * remembered: with all before it, it is the shortest history that fails.
 */
final class Invariants implements Consumer<Entry> {
  private static final String DOMAIN = "wharfinger.dev/";

  private final String namespace;
  private final World world;
  private final Map<String, StorageInstance> instances = new HashMap<>();
  private final Map<String, String> versions = new HashMap<>();
  private final SecretInvariants secrets;
  private final ClaimInvariants claims = new ClaimInvariants();
  private final SchemaInvariants schemas;
  private final Set<String> fileWriters = new HashSet<>();
  private final Set<String> serverWriters = new HashSet<>();
  private volatile @Nullable Broken broken;

  /** A broken invariant and the entry that broke it. */
  record Broken(int number, String text) {}

  Invariants(String namespace, World world) {
    this.namespace = namespace;
    this.world = world;
    this.secrets = new SecretInvariants(world);
    this.schemas = new SchemaInvariants(world);
  }

  /** Whether one is broken. */
  boolean broken() {
    return broken != null;
  }

  /** The first that broke. */
  @Nullable Broken first() {
    return broken;
  }

  @Override
  public void accept(Entry entry) {
    switch (entry.event()) {
      case Asked(ApiRequest request) -> asked(entry, request);
      case Seen(Seen.Kind kind, HasMetadata object) -> seen(entry, kind, object);
      case Happened(String who, String what) -> happened(entry, who, what);
    }
  }

  private void happened(Entry entry, String who, String what) {
    check(entry, !who.equals(World.VIOLATION), what);
    String pod = what.substring(what.lastIndexOf(' ') + 1);
    if (what.startsWith(Programs.Application.ON_SQLITE)) {
      fileWriters.add(pod);
    } else if (what.startsWith(Programs.Application.ON_POSTGRESQL)) {
      serverWriters.add(pod);
    } else if (what.startsWith(Programs.Application.STOPPED)) {
      fileWriters.remove(pod);
      serverWriters.remove(pod);
    }
  }

  private void check(Entry entry, boolean holds, String text) {
    if (!holds && broken == null) {
      broken = new Broken(entry.number(), text);
    }
  }

  private void asked(Entry entry, ApiRequest request) {
    if (!request.mutating()) {
      return;
    }
    check(
        entry,
        request.namespace().equals(namespace),
        "I10: the operator writes outside of its namespace: " + request);
    if (request.is("create", "jobs") && request.name().endsWith("-transfer")) {
      transferStarts(entry, argumentsOf(request));
    }
    schemas.asked(request, (holds, text) -> check(entry, holds, text));
    boolean data =
        request.resource().equals("persistentvolumeclaims") || request.resource().equals("secrets");
    if (request.verb().equals("delete") && data && !request.name().contains("-dry-")) {
      check(
          entry,
          instances.values().stream().anyMatch(Invariants::confirmed) || ofAnotherTime(request),
          "I3: the operator deletes data without a confirmed intent: " + request);
    }
    if (!request.resource().equals("secrets")) {
      check(entry, !secrets.stand(request.text()), "I8: a password stands in " + request);
    }
  }

  /** One that has committed may run again, to lock what the data has left. */
  private void transferStarts(Entry entry, List<String> arguments) {
    boolean backward =
        arguments.stream().anyMatch(a -> a.startsWith("sqlite:"))
            && arguments.indexOf("--from") >= 0
            && arguments.get(arguments.indexOf("--from") + 1).startsWith("postgresql:");
    Set<String> writers = backward ? serverWriters : fileWriters;
    String operation = arguments.get(arguments.indexOf("--operation") + 1);
    check(
        entry,
        writers.isEmpty() || world.moved(operation),
        "I1: the transfer is started while these still write to its source: " + writers);
  }

  private static List<String> argumentsOf(ApiRequest request) {
    List<String> arguments = new ArrayList<>();
    request
        .json()
        .at("/spec/template/spec/containers/0/args")
        .forEach(a -> arguments.add(a.asText()));
    return arguments;
  }

  /** It names a version that the object no longer has, so the API server does not obey it. */
  private boolean ofAnotherTime(ApiRequest request) {
    String version = request.json().at("/preconditions/resourceVersion").asText();
    String now = versions.get(request.resource() + "/" + request.name());
    return !version.isEmpty() && now != null && !version.equals(now);
  }

  private static boolean confirmed(StorageInstance instance) {
    String wanted = instance.getMetadata().getName() + "/" + instance.getMetadata().getUid();
    return instance.getMetadata().getDeletionTimestamp() != null
        && wanted.equals(annotation(instance, "confirm-delete"));
  }

  private void seen(Entry entry, Seen.Kind kind, HasMetadata object) {
    boolean gone = kind == Seen.Kind.DELETED;
    String name = object.getMetadata().getName();
    versions.put(
        object.getPlural() + "/" + name,
        Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), ""));
    switch (object) {
      case StorageInstance instance -> {
        if (gone) {
          instances.remove(name);
        } else {
          instances.put(name, instance);
          if (confirmed(instance)) {
            claims.confirmed(instance);
          }
          readyMeansReady(entry, instance);
        }
      }
      case Secret secret -> {
        secrets.seen(kind, secret, (holds, text) -> check(entry, holds, text));
        schemas.seen(kind, secret, instances.values(), (holds, text) -> check(entry, holds, text));
      }
      case StorageMigration migration -> schemas.seen(kind, migration);
      case PersistentVolumeClaim claim ->
          claims.seen(kind, claim, (holds, text) -> check(entry, holds, text));
      default -> {}
    }
  }

  /** The tests themselves may delete a claim. */
  void mayGo(String claim) {
    claims.mayGo(claim);
  }

  private void readyMeansReady(Entry entry, StorageInstance instance) {
    if (instance.getStatus() == null || instance.getStatus().conditions() == null) {
      return;
    }
    for (Condition condition : instance.getStatus().conditions()) {
      if (condition.getType().equals("Ready") && condition.getStatus().equals("True")) {
        Long generation = condition.getObservedGeneration();
        check(
            entry,
            generation != null && generation <= instance.getMetadata().getGeneration(),
            "I9: Ready for a generation that does not exist");
      }
    }
  }

  private static @Nullable String annotation(HasMetadata object, String name) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(DOMAIN + name);
  }
}
