package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.Mapping.Pair;
import dev.wharfinger.runner.transfer.Target.Definition;
import dev.wharfinger.runner.transfer.Target.Sequence;
import java.io.DataInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyInputStream;

/**
 * Loads and proves everything inside one transaction that the caller commits. It needs no right but
 * ownership: foreign keys and indexes are dropped and made again, user triggers are off meanwhile.
 */
final class Loader {
  private final Connection connection;
  private final Source source;
  private final Target target;
  private final Mapping mapping;
  private final Report report;
  private final Progress progress;

  Loader(
      Connection connection,
      Source source,
      Target target,
      Mapping mapping,
      Report report,
      Progress progress) {
    this.connection = connection;
    this.source = source;
    this.target = target;
    this.mapping = mapping;
    this.report = report;
    this.progress = progress;
  }

  void load() throws Exception {
    for (String setting :
        List.of(
            "TimeZone = 'UTC'",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
            "lock_timeout = '30s'")) {
      Sql.execute(connection, "SET LOCAL " + setting);
    }
    if (mapping.pairs().isEmpty()) {
      return;
    }
    String all =
        mapping.pairs().stream()
            .map(p -> Target.qualified(p.target().name()))
            .collect(Collectors.joining(", "));
    Sql.execute(connection, "LOCK TABLE " + all + " IN ACCESS EXCLUSIVE MODE");
    List<Definition> keys = target.foreignKeys();
    List<Definition> indexes = target.indexes().stream().filter(i -> mapped(i.table())).toList();
    for (Definition key : keys) {
      Sql.execute(
          connection,
          "ALTER TABLE "
              + Target.qualified(key.table())
              + " DROP CONSTRAINT "
              + Sql.quote(key.name()));
    }
    for (Definition index : indexes) {
      Sql.execute(connection, "DROP INDEX " + Target.qualified(index.name()));
    }
    triggers("DISABLE");
    Sql.execute(connection, "TRUNCATE " + all);
    for (Pair pair : mapping.pairs()) {
      copy(pair);
    }
    progress.phase("verifying");
    for (Definition index : indexes) {
      Sql.execute(connection, index.sql());
    }
    for (Definition key : keys) {
      Sql.execute(
          connection,
          "ALTER TABLE "
              + Target.qualified(key.table())
              + " ADD CONSTRAINT "
              + Sql.quote(key.name())
              + " "
              + key.sql());
    }
    triggers("ENABLE");
    restartSequences();
    for (Pair pair : mapping.pairs()) {
      verify(pair);
    }
  }

  private boolean mapped(String table) {
    return mapping.pairs().stream().anyMatch(p -> p.target().name().equals(table));
  }

  private void triggers(String verb) throws SQLException {
    for (Pair pair : mapping.pairs()) {
      Sql.execute(
          connection,
          "ALTER TABLE " + Target.qualified(pair.target().name()) + " " + verb + " TRIGGER USER");
    }
  }

  private void copy(Pair pair) throws Exception {
    RowEncoder encoder = new RowEncoder(pair, report);
    // The local variable keeps the connection reachable: the driver closes a collected one in the
    // middle of a COPY.
    Connection reachable = connection;
    CopyIn copy =
        reachable
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + columns(pair) + " FROM STDIN (FORMAT binary)");
    try {
      CopyStream stream = new CopyStream(copy);
      source.read(
          pair.source(),
          pair.sourceColumns(),
          (rowid, values) -> {
            byte @Nullable [] @Nullable [] fields = encoder.encode(rowid, values);
            if (fields == null) {
              throw new RefusedException(
                  "ValuesRefused", "the source changed since the plan was made");
            }
            stream.row(fields);
            progress.row();
          });
      stream.finish();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
      java.lang.ref.Reference.reachabilityFence(reachable);
    }
    Report.Table planned = table(pair);
    Report.Table copied = encoder.finish();
    if (!java.util.Objects.equals(copied.hash, planned.hash)) {
      throw new RefusedException(
          "SourceChanged", "table " + copied.name + " changed since the plan was made");
    }
  }

  private static String columns(Pair pair) {
    return Target.qualified(pair.target().name()) + " (" + Sql.quoteAll(pair.targetNames()) + ")";
  }

  /**
   * Numbers that AUTOINCREMENT once gave away are not given again, even where their rows are gone.
   */
  private void restartSequences() throws SQLException {
    for (Sequence sequence : target.sequences()) {
      Pair pair =
          mapping.pairs().stream()
              .filter(p -> p.target().name().equals(sequence.table()))
              .findFirst()
              .orElse(null);
      if (pair == null) {
        continue;
      }
      long highest =
          Sql.list(
                  connection,
                  "SELECT coalesce(max("
                      + Sql.quote(sequence.column())
                      + "), 0) FROM "
                      + Target.qualified(sequence.table()),
                  rs -> rs.getLong(1))
              .getFirst();
      boolean key =
          pair.columns().stream()
              .anyMatch(c -> c.target().name().equals(sequence.column()) && c.source().key() == 1);
      long next = Math.max(highest, key ? pair.source().sequence() : 0) + 1;
      // RESTART is taken back with the transaction; setval would not be.
      Sql.execute(
          connection,
          "ALTER SEQUENCE "
              + Target.qualified(sequence.name())
              + " RESTART WITH "
              + Math.max(1, next));
      report.sequences.put(sequence.name(), Math.max(1, next));
    }
  }

  /** Reads everything back and compares it with what was sent. */
  private void verify(Pair pair) throws SQLException, IOException {
    RowEncoder shape = new RowEncoder(pair, new Report());
    Encoder[] encoders = shape.encoders();
    TupleHash hash = new TupleHash();
    Connection reachable = connection;
    String sql =
        "COPY (SELECT "
            + Sql.quoteAll(pair.targetNames())
            + " FROM "
            + Target.qualified(pair.target().name())
            + ") TO STDOUT (FORMAT binary)";
    try (DataInputStream in =
        new DataInputStream(new PGCopyInputStream(reachable.unwrap(PGConnection.class), sql))) {
      in.skipNBytes(CopyStream.SIGNATURE.length + 4);
      in.skipNBytes(in.readInt());
      while (in.readShort() >= 0) {
        for (Encoder encoder : encoders) {
          int length = in.readInt();
          hash.field(length < 0 ? null : encoder.canonical(in.readNBytes(length)));
        }
        hash.endRow();
      }
    } finally {
      java.lang.ref.Reference.reachabilityFence(reachable);
    }
    Report.Table expected = table(pair);
    if (!hash.value().equals(expected.hash)) {
      throw new RefusedException(
          "VerificationFailed",
          String.format(
              Locale.ROOT,
              "table %s reads back differently (%s sent, %s read); nothing was committed",
              expected.name,
              expected.hash,
              hash.value()));
    }
  }

  private Report.Table table(Pair pair) {
    return report.tables.stream()
        .filter(t -> t.name.equals(pair.target().name()))
        .findFirst()
        .orElseThrow();
  }
}
