package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.sql.Names;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the tool that keeps its books in a table writes, for columns that show nothing themselves.
 *
 * @param table the bookkeeping table
 * @param formats names of formats by type of PostgreSQL
 */
record Hints(String table, Map<String, List<String>> formats) {
  private static final String DATE = "YYYY-MM-DD";
  private static final String DJANGO = "django_migrations";
  private static final List<String> PLAIN_UUID = List.of("uuid-32");
  private static final List<Hints> KNOWN =
      List.of(
          // SQLAlchemy
          of("alembic_version", DATE + " HH:MM:SS.ffffff", "", "HH:MM:SS.ffffff", PLAIN_UUID),
          // Django
          of(DJANGO, DATE + " HH:MM:SS[.ffffff]", "", "HH:MM:SS[.ffffff]", PLAIN_UUID),
          // Prisma
          of("_prisma_migrations", "epoch-milliseconds", "", "", List.of("uuid-36")),
          // Diesel
          of(
              "__diesel_schema_migrations",
              DATE + " HH:MM:SS[.fff]",
              "",
              "HH:MM:SS[.fff]",
              List.of()),
          // SeaORM and SQLx
          of(
              "seaql_migrations",
              DATE + " HH:MM:SS[.fff]",
              DATE + "THH:MM:SS[.fff]+00:00",
              "HH:MM:SS[.fff]",
              List.of("uuid-bytes")),
          of(
              "_sqlx_migrations",
              DATE + " HH:MM:SS[.fff]",
              DATE + "THH:MM:SS[.fff]+00:00",
              "HH:MM:SS[.fff]",
              List.of("uuid-bytes")),
          // Knex, which binds a Date as a number and has the file write a default as text
          of("knex_migrations", "", "", "", List.of("uuid-36")),
          // Rails
          of(
              "ar_internal_metadata",
              DATE + " HH:MM:SS[.ffffff]",
              "",
              "2000-01-01 HH:MM:SS[.ffffff]",
              List.of("uuid-36")),
          // Go's most common driver
          of("goose_db_version", DATE + " HH:MM:SS[.f]+00:00", "", "", List.of()),
          of("gorp_migrations", DATE + " HH:MM:SS[.f]+00:00", "", "", List.of()));

  private static Hints of(
      String table, String timestamp, String zoned, String time, List<String> uuid) {
    return new Hints(
        table,
        Map.of(
            "interval", interval(table),
            "timestamp", List.of(timestamp),
            "timestamptz", List.of(zoned.isEmpty() ? timestamp : zoned),
            "time", List.of(time),
            "uuid", uuid));
  }

  private static List<String> interval(String table) {
    return switch (table) {
      case "alembic_version" -> List.of("epoch-date");
      case DJANGO -> List.of("microseconds");
      default -> List.of();
    };
  }

  /** By the tables that are there; empty where none or several tell. */
  static Optional<Hints> of(Collection<String> tables) {
    List<Hints> found =
        KNOWN.stream()
            .filter(hints -> tables.stream().anyMatch(name -> Names.same(name, hints.table)))
            .toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  List<String> of(String type) {
    return formats.getOrDefault(type, List.of());
  }
}
