package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.postgresql.TargetSequence;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import dev.wharfinger.runner.transfer.sqlite.VirtualTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What does not stand in the way, and that a person should know all the same. */
final class Warnings {
  private final SourceDatabase source;
  private final Findings warnings;

  Warnings(SourceDatabase source, Findings warnings) {
    this.source = source;
    this.warnings = warnings;
  }

  /** Looks at every column of every table. */
  void find(List<TableMapping> tables, List<TargetSequence> sequences) throws SQLException {
    for (TableMapping table : tables) {
      for (ColumnMapping column : table.columns) {
        numbers(table, column);
        time(table, column);
        boolean counted =
            column.source.primaryKey() > 0
                || sequences.stream()
                    .anyMatch(s ->
                        s.table().equals(table.target.name())
                            && s.column().equals(column.target.name()));
        if (counted && column.storage(Storage.INTEGER) > 0) {
          end(table, column);
        }
      }
    }
  }

  /** What is beside the file: rows in a file of another name are not moved. */
  void beside(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    Surroundings.strays(directory)
        .forEach((name, why) -> {
          if (!name.equals(String.valueOf(file.getFileName()))) {
            warnings.add("", "", "stray-file", name + ": " + why);
          }
        });
    if (Surroundings.onNetwork(directory)) {
      warnings.add("", "", "network-file-system", Files.getFileStore(directory).type());
    }
  }

  /** What only a virtual table has, such as a full-text search with texts of its own. */
  void virtual(SourceCatalog catalog) throws SQLException {
    for (VirtualTable table : VirtualTable.of(source, catalog)) {
      long rows = table.ownRows(source);
      if (rows != 0) {
        warnings.addAll(table.name(), "", "virtual-table-not-moved", rows, List.of(), "");
      }
    }
  }

  /** A column named STRING, for example, turns '007' into 7 before anybody can look. */
  private void numbers(TableMapping table, ColumnMapping column) throws SQLException {
    long numbers = column.storage(Storage.INTEGER) + column.storage(Storage.REAL);
    String type = column.target.type();
    boolean text = type.equals("text") || type.equals("varchar") || type.equals("bpchar");
    if (text && numbers > 0 && column.source.affinity() == Affinity.NUMERIC) {
      warnings.addAll(
          table.source.name(),
          column.source.name(),
          "number-may-have-been-text",
          numbers,
          List.of(),
          "declared " + column.source.declaredType());
    }
    if (type.startsWith("json") && column.storage(Storage.REAL) > 0) {
      String name = Quoting.name(column.source.name());
      long lost =
          source.number(
              "SELECT count(*) FROM %2$s WHERE typeof(%1$s)='real' AND abs(%1$s) > 9007199254740992"
                  .formatted(name, Quoting.name(table.source.name())));
      if (lost > 0) {
        warnings.addAll(
            table.source.name(),
            column.source.name(),
            "json-number-may-have-lost-digits",
            lost,
            List.of(),
            "");
      }
    }
  }

  private void time(TableMapping table, ColumnMapping column) {
    long[] numbers = column.rules().get("epoch-number-to-time");
    if (numbers != null && numbers[0] > 0) {
      warnings.addAll(
          table.source.name(),
          column.source.name(),
          "epoch-unit-decided",
          numbers[0],
          List.of(),
          column.unit());
    }
  }

  private void end(TableMapping table, ColumnMapping column) throws SQLException {
    long half = Names.same(column.target.type(), "int4") ? 1L << 30 : 1L << 14;
    if (!column.target.type().equals("int4") && !column.target.type().equals("int2")) {
      return;
    }
    long largest =
        source.number(
            "SELECT max(%s) FROM %s"
                .formatted(Quoting.name(column.source.name()), Quoting.name(table.source.name())));
    if (largest > half) {
      warnings.add(
          table.source.name(),
          column.source.name(),
          "ids-near-the-end-of-their-type",
          "the largest has used %d %% of %s"
              .formatted(largest * 50 / half, column.target.formatted()));
    }
  }
}
