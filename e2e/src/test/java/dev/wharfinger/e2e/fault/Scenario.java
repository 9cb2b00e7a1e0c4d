package dev.wharfinger.e2e.fault;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A way of an instance that ends where it always has to end. {@code prepare} runs without faults,
 * {@code act} with them; both wait for conditions only.
 */
record Scenario(String name, Consumer<Lane> prepare, Consumer<Lane> act) {
  /** Those of an instance as it is by default. */
  static List<Scenario> plain() {
    return List.of(
        new Scenario("T01_createSqlite", lane -> {}, Deeds::createSqlite),
        new Scenario("T02_createPostgresql", lane -> {}, Deeds::createPostgresql),
        new Scenario("T06_switch", Deeds::createSqlite, Deeds::move),
        new Scenario("T06_back", Deeds::moved, Deeds::moveBack),
        new Scenario("T06_dryRun", Deeds::createSqlite, Deeds::dryRun),
        new Scenario("T07_deleteRetain", Deeds::createPostgresql, Deeds::deleteRetain),
        new Scenario("T07_deleteDelete", Deeds::createPostgresql, Deeds::deleteDelete),
        new Scenario("T07_deleteDeleteSqlite", Deeds::createSqlite, Deeds::deleteDelete),
        new Scenario("T43_adopt", Deeds::deletedSqlite, Deeds::adopt),
        new Scenario("T32_takenBack", Deeds::moving, Deeds::takeBack),
        new Scenario("T32_takenBackTooLate", Deeds::committedUnnoticed, Deeds::tooLate),
        new Scenario("T41_pause", Deeds::createSqlite, Deeds::pause));
  }

  static Scenario named(String name) {
    return Stream.of(
            plain(),
            SchemaDeeds.scenarios(),
            TlsDeeds.scenarios(),
            PasswordDeeds.scenarios(),
            ExternalDeeds.scenarios())
        .flatMap(List::stream)
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
