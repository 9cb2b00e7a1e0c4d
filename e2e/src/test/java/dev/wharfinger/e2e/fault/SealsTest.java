package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.e2e.fault.Store.Postgres;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** I5 is judged. Needs no cluster. */
class SealsTest {
  private final History history = new History();
  private final World world = new World(history);
  private final Invariants invariants = new Invariants("ns", world);
  private Postgres database;

  @BeforeEach
  void aFileAndADatabase() {
    history.read(invariants);
    world.makeFile("claim", false);
    world.start("pg", "volume", "secret");
    database = Objects.requireNonNull(world.connect("pg", "secret"));
  }

  /** A status that says Ready. */
  static StorageInstanceStatus ready(long generation) {
    return new StorageInstanceStatus(
        generation,
        "Ready",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(
            new ConditionBuilder()
                .withType("Ready")
                .withStatus("True")
                .withObservedGeneration(generation)
                .build()));
  }

  private String broken() {
    return Objects.requireNonNull(invariants.first(), "no invariant is broken").text();
  }

  @Test
  void I5_aRowInTheFileBetweenTwoTriesToCopyIt() {
    world.lock("claim", "pod");
    world.seal("claim", "op");
    world.unlock("pod");
    world.writeFile("claim", "row");
    assertThat(broken()).startsWith("I5").contains("row");
  }

  @Test
  void I5_aRowInTheDatabaseBetweenTwoTriesToCopyIt() {
    world.hold(database, "pod");
    world.seal(database, "op");
    world.unlock("pod");
    world.writeDatabase("pg", "secret", "row");
    assertThat(broken()).startsWith("I5");
  }

  @Test
  void I5_whatWasGivenUpMayChange() {
    world.lock("claim", "pod");
    world.seal("claim", "op");
    world.unlock("pod");
    world.abort(database, "op");
    world.writeFile("claim", "row");
    assertThat(invariants.broken()).isFalse();
  }

  @Test
  void I5_whatTheDataCameBackToMayChange() {
    world.lock("claim", "pod");
    world.seal("claim", "there");
    world.commit(database, "there", "claim", "pod");
    world.unlock("pod");
    world.writeDatabase("pg", "secret", "row");
    world.hold(database, "pod");
    world.seal(database, "back");
    world.commitBack(database, "back", "claim", "pod");
    world.unlock("pod");
    world.writeFile("claim", "another");
    assertThat(invariants.broken()).isFalse();
    assertThat(world.missing("claim")).isEmpty();
  }
}
