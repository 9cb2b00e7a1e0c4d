package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.e2e.fault.History.Seen.Kind;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The judges of the fault tests see what they are there to see. Needs no cluster. */
class JudgesTest {
  private final History history = new History();
  private final World world = new World(history);
  private final Invariants invariants = new Invariants("ns", world);

  JudgesTest() {
    history.read(invariants);
  }

  private String broken() {
    return Objects.requireNonNull(invariants.first(), "no invariant is broken").text();
  }

  private void request(String method, String path, String body) {
    history.asked(ApiRequest.of(method, URI.create(path), body.getBytes(StandardCharsets.UTF_8)));
  }

  private static ObjectMeta meta(String name, String uid) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace("ns")
        .withUid(uid)
        .withResourceVersion("1")
        .addToLabels("wharfinger.dev/instance-uid", "i1")
        .build();
  }

  private static PersistentVolumeClaim claim(String uid) {
    return new PersistentVolumeClaimBuilder().withMetadata(meta("app-data", uid)).build();
  }

  private static Secret secret(String name, Map<String, String> annotations, String... data) {
    Secret secret = new SecretBuilder().withMetadata(meta(name, name)).build();
    secret.getMetadata().setAnnotations(annotations);
    secret.setData(
        Map.of(
            data[0], Base64.getEncoder().encodeToString(data[1].getBytes(StandardCharsets.UTF_8))));
    return secret;
  }

  private static Secret binding(String backend, int epoch) {
    return secret(
        "app-binding",
        Map.of("wharfinger.dev/backend", backend, "wharfinger.dev/epoch", "" + epoch),
        "type",
        backend.toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void I1_aTransferBesideAWriter() {
    world.happened("app", Programs.Application.ON_SQLITE + "app-1");
    request(
        "POST",
        "/apis/batch/v1/namespaces/ns/jobs",
        """
        {"metadata":{"name":"app-2-transfer"},"spec":{"template":{"spec":{"containers":[{"args":
          ["transfer","--from","sqlite:///data/app.db","--to","postgresql://pg","--operation","op"]}]}}}}
        """);
    assertThat(broken()).startsWith("I1").contains("app-1");
  }

  @Test
  void I1_aCommitWithoutTheLock() {
    world.makeFile("claim", false);
    world.start("pg", "volume", "secret");
    world.commit(Objects.requireNonNull(world.connect("pg", "secret")), "op", "claim", "pod");
    assertThat(broken()).startsWith("I1");
  }

  @Test
  void I2_aRowInTheFileAfterItsDataWasMoved() {
    world.makeFile("claim", false);
    world.start("pg", "volume", "secret");
    world.lock("claim", "pod");
    world.commit(Objects.requireNonNull(world.connect("pg", "secret")), "op", "claim", "pod");
    world.unlock("pod");
    assertThat(invariants.broken()).isFalse();
    world.writeFile("claim", "row");
    assertThat(broken()).startsWith("I2");
    assertThat(world.missing("volume")).containsExactly("row");
  }

  @Test
  void I3_dataDeletedWithoutConsent() {
    StorageInstance instance = new StorageInstance();
    instance.setMetadata(meta("app", "i1"));
    history.seen(Kind.ADDED, instance);
    request("DELETE", "/api/v1/namespaces/ns/persistentvolumeclaims/app-data", "");
    assertThat(broken()).startsWith("I3");
  }

  @Test
  void I3_aDeletionOfAVersionThatIsNoMoreDeletesNothing() {
    PersistentVolumeClaim claim = claim("one");
    claim.getMetadata().setName("app-data");
    claim.getMetadata().setResourceVersion("7");
    history.seen(Kind.ADDED, claim);
    String path = "/api/v1/namespaces/ns/persistentvolumeclaims/app-data";
    request("DELETE", path, "{\"preconditions\":{\"resourceVersion\":\"6\"}}");
    assertThat(invariants.first()).isNull();
    request("DELETE", path, "{\"preconditions\":{\"resourceVersion\":\"7\"}}");
    assertThat(broken()).startsWith("I3");
  }

  @Test
  void I3_aClaimThatIsAnotherOne() {
    history.seen(Kind.ADDED, claim("one"));
    history.seen(Kind.MODIFIED, claim("two"));
    assertThat(broken()).startsWith("I3");
  }

  @Test
  void I3_aClaimThatGoesWithAnOwner() {
    PersistentVolumeClaim claim = claim("one");
    OwnerReference owner = new OwnerReference();
    owner.setApiVersion("wharfinger.dev/v1alpha1");
    claim.getMetadata().setOwnerReferences(List.of(owner));
    history.seen(Kind.ADDED, claim);
    assertThat(broken()).startsWith("I3");
  }

  @Test
  void I4_anEpochThatGoesBack() {
    history.seen(Kind.ADDED, binding("SQLite", 2));
    history.seen(Kind.MODIFIED, binding("SQLite", 1));
    assertThat(broken()).startsWith("I4");
  }

  @Test
  void I4_aBindingToADatabaseThatWasNeverFilled() {
    history.seen(Kind.ADDED, binding("PostgreSQL", 2));
    assertThat(broken()).startsWith("I4");
  }

  @Test
  void I7_aSecondMove() {
    world.makeFile("claim", false);
    world.start("pg", "volume", "secret");
    var database = Objects.requireNonNull(world.connect("pg", "secret"));
    world.lock("claim", "pod");
    world.commit(database, "first", "claim", "pod");
    world.commit(database, "second", "claim", "pod");
    assertThat(broken()).startsWith("I7");
  }

  @Test
  void I8_aPasswordOutsideOfASecret() {
    history.seen(Kind.ADDED, secret("app-credentials", Map.of(), "password", "canary"));
    request("PATCH", "/api/v1/namespaces/ns/configmaps/x", "{\"data\":{\"a\":\"canary\"}}");
    assertThat(broken()).startsWith("I8");
    assertThat(broken()).doesNotContain("canary");
  }

  @Test
  void T02_aPasswordThatChanges() {
    history.seen(Kind.ADDED, secret("app-credentials", Map.of(), "password", "one"));
    history.seen(Kind.MODIFIED, secret("app-credentials", Map.of(), "password", "two"));
    assertThat(broken()).startsWith("T02");
  }

  @Test
  void I9_readyForWhatWasNeverAskedFor() {
    StorageInstance instance = new StorageInstance();
    instance.setMetadata(meta("app", "i1"));
    instance.getMetadata().setGeneration(1L);
    instance.setStatus(SealsTest.ready(1L));
    history.seen(Kind.ADDED, instance);
    assertThat(invariants.broken()).isFalse();
    instance.setStatus(SealsTest.ready(2L));
    history.seen(Kind.MODIFIED, instance);
    assertThat(broken()).startsWith("I9");
  }

  @Test
  void I10_aWriteElsewhere() {
    request("PATCH", "/api/v1/namespaces/other/configmaps/x", "{}");
    assertThat(broken()).startsWith("I10");
  }

  @Test
  void theMarkerDecidesOnce() {
    world.makeFile("claim", false);
    world.start("pg", "volume", "secret");
    var database = Objects.requireNonNull(world.connect("pg", "secret"));
    assertThat(world.abort(database, "op")).isEqualTo(World.Commit.ABORTED);
    world.lock("claim", "pod");
    assertThat(world.commit(database, "op", "claim", "pod")).isFalse();
    assertThat(world.lock("claim", "another")).isFalse();
    assertThat(world.connect("pg", "wrong")).isNull();
  }

  @Test
  void theShortestHistoryEndsWithWhatBroke() {
    request("PATCH", "/api/v1/namespaces/ns/configmaps/x", "{}");
    request("PATCH", "/api/v1/namespaces/other/configmaps/y", "{}");
    request("PATCH", "/api/v1/namespaces/ns/configmaps/z", "{}");
    String prefix = history.prefix(Objects.requireNonNull(invariants.first()).number(), 100);
    assertThat(prefix).contains(" x ").contains(" y ").doesNotContain(" z ");
  }
}
