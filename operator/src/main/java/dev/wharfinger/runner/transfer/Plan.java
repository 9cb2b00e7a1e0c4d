package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.sqlite.IntegrityCheck;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Looks at everything and writes nothing: schemas, revisions, what stands in the target, and every
 * value through the encoder that will send it.
 */
final class Plan {
  private static final String UNCHECKED =
      " uses a function or a collation of the application; SQLite's own check cannot run on it, reading every"
          + " value of it can";

  private final Connection connection;
  private final SourceDatabase source;
  private final TransferOptions options;
  private final Findings findings;
  private final Report report;
  private final Meter meter;
  private List<TableMapping> tables = List.of();
  private List<TargetForeignKey> foreignKeys = List.of();
  private Set<TargetForeignKey> provenKeys = Set.of();
  private Set<String> unchecked = Set.of();
  private @Nullable DerivedSchema derived;
  private Ledger.@Nullable Saved begun;

  Plan(
      Connection connection,
      SourceDatabase source,
      TransferOptions options,
      Findings findings,
      Report report,
      Meter meter) {
    this.connection = connection;
    this.source = source;
    this.options = options;
    this.findings = findings;
    this.report = report;
    this.meter = meter;
  }

  List<TableMapping> tables() {
    return tables;
  }

  List<TargetForeignKey> foreignKeys() {
    return foreignKeys;
  }

  /** Lets this be the plan of a transfer that has begun: what it removed is still meant. */
  void goOn(Ledger ledger) {
    begun = ledger.saved();
  }

  /** The schema to make; null where the target has one. */
  @Nullable DerivedSchema derived() {
    return derived;
  }

  void make(UUID operation) throws Exception {
    meter.phase("planning");
    describeSource();
    SourceDatabase another = source.another();
    try (Aside<IntegrityCheck> check =
        new Aside<>("check-source", () -> IntegrityCheck.of(another), another::interrupt)) {
      try {
        look(operation, check);
      } catch (Exception | OutOfMemoryError e) {
        // What else is wrong with a damaged file does not matter.
        sound(check);
        throw e;
      }
    }
    if (options.dryRun() && (derived == null || !findings.any())) {
      tryToRehearse();
    }
  }

  /** Waits for SQLite's own check. */
  private void sound(Aside<IntegrityCheck> aside) throws Exception {
    IntegrityCheck check = aside.get();
    unchecked = Set.copyOf(check.unchecked());
    if (!check.problems().isEmpty()) {
      findings.all().clear();
      check.problems().forEach(problem -> findings.add("", "", "source-damaged", problem));
      throw new RefusedException("the source is damaged");
    }
  }

  private void look(UUID operation, Aside<IntegrityCheck> check) throws Exception {
    SourceCatalog catalog = SourceCatalog.read(source);
    options.policies().check(catalog, findings);
    new Collations(source).require(catalog, findings);
    TargetCatalog target = target(catalog);
    Findings warnings = new Findings();
    if (catalog.tables().isEmpty() && catalog.skipped().isEmpty()) {
      // A new file, one whose log was lost, or one that the application never wrote into.
      String seen = Surroundings.seen(options.source().resolveSibling(""));
      if (target.empty()) {
        warnings.add("", "", "source-has-no-tables", seen);
      } else {
        findings.add("", "", "source-has-no-tables", seen);
      }
    }
    Mapping mapping = new Mapping(source, findings, options.policies(), derived != null);
    mapping.build(catalog, target);
    tables = mapping.tables;
    report.skipped(catalog.skipped());
    report.skipped(mapping.skipped);
    report.definitions(catalog.views());
    Bookkeeping.compare(
        mapping.bookkeeping, source, connection, options.policies(), findings, report);
    Vacancy vacancy = new Vacancy(connection, options, findings);
    vacancy.otherTransfer(operation);
    if (derived == null && begun == null) {
      vacancy.rows(tables);
    }
    meter.total(mapping.rows());
    RowSizes sizes = new RowSizes(source, findings, workers());
    RowPump pump = new RowPump(source, meter::add);
    for (var place = tables.listIterator(); place.hasNext(); ) {
      place.set(plan(place.next(), pump, sizes));
    }
    if (sizes.found()) {
      throw new RefusedException("the source has rows that are too large; see the findings");
    }
    sound(check);
    unchecked.forEach(
        what -> report.note(what.startsWith("unable ") ? what : "table " + what + UNCHECKED));
    new Sequences(target.sequences(), tables).check(source, findings, report::note);
    Findings chosen = mapping.leftBehind;
    Orphans orphans = new Orphans(source, tables, options.policies(), chosen);
    orphans.find(target.foreignKeys(), findings);
    foreignKeys = target.foreignKeys();
    provenKeys = orphans.proven();
    report.policies(options.policies(), tables, chosen);
    Quarantine.check(connection, tables, findings, report::note);
    if (derived == null) {
      Bookkeeping.onlyInTarget(target, mapping.bookkeeping.values(), connection, warnings);
    }
    Warnings look = new Warnings(source, warnings);
    look.find(tables, target.sequences());
    look.virtual(catalog);
    look.beside(options.source());
    check.get().breaking().forEach(table -> warnings.add(table, "", "source-breaks-its-check", ""));
    report.warnings(warnings);
  }

  private void tryToRehearse() throws Exception {
    try {
      rehearse(false);
    } catch (PSQLException e) {
      if (!"42501".equals(e.getSQLState())) {
        throw e;
      }
      report.note(
          "the role may not make temporary tables in this database, so no row was shown to the"
              + " target's keys and checks");
    }
  }

  /**
   * Lets the server look at the rows too, without writing into the tables.
   *
   * @param everything also at what is proven to be right
   */
  void rehearse(boolean everything) throws Exception {
    List<TargetForeignKey> keys =
        foreignKeys.stream().filter(key -> everything || !provenKeys.contains(key)).toList();
    new Rehearsal(connection, source, tables, derived, findings)
        .run(keys, unchecked, everything, meter);
  }

  /** How many rows are under way at a time. */
  private int workers() throws SQLException {
    boolean large = begun != null || source.bytes() >= options.large().fromBytes();
    return large ? options.large().workers() : 1;
  }

  /** Looks at a table once, and once more where a column must be known as a whole first. */
  private TableMapping plan(TableMapping whole, RowPump pump, RowSizes sizes) throws Exception {
    TableMapping table = whole;
    Findings first = new Findings();
    source.longest(sizes.harmless(table));
    try {
      pump.plan(table, first);
    } catch (SQLException e) {
      source.longest(Integer.MAX_VALUE);
      if (!SourceDatabase.tooLong(e)) {
        throw e;
      }
      if (sizes.find(table)) {
        return table;
      }
      // It is among short ones; what was seen up to there is seen again.
      table = whole.anew();
      first = new Findings();
      pump.plan(table, first);
    } finally {
      source.longest(Integer.MAX_VALUE);
    }
    TableMapping planned = table;
    if (table.columns.stream().noneMatch(ColumnMapping::wantsFacts)) {
      findings.addAll(first);
    } else {
      planned = table.informed(source);
      pump.plan(planned, findings);
    }
    if (derived == null) {
      new ServerTexts(connection, source, findings).check(planned);
    }
    return planned;
  }

  private void describeSource() throws SQLException {
    report
        .object("source")
        .put("sqlite", source.text("SELECT sqlite_version()"))
        .put("encoding", source.text("PRAGMA encoding"))
        .put("pageSize", source.number("PRAGMA page_size"))
        .put("pages", source.number("PRAGMA page_count"));
    report
        .object("target")
        .put("server", Sql.text(connection, "SHOW server_version"))
        .put("schema", Sql.text(connection, "SELECT current_schema()"));
  }

  private TargetCatalog target(SourceCatalog catalog) throws Exception {
    TargetCatalog target = TargetCatalog.read(connection);
    if (begun != null) {
      return begun(catalog, target, begun);
    }
    boolean derive = options.derive() || target.empty();
    report.put("schemaMode", derive ? "derive" : "existing");
    if (!derive) {
      return target;
    }
    if (!target.empty()) {
      findings.add(
          "", "", "target-not-empty", "a schema can be derived only where there are no tables");
      throw new RefusedException("there are tables in the target");
    }
    return new SchemaTrial(connection, findings).run(derive(catalog, target));
  }

  private DerivedSchema derive(SourceCatalog catalog, TargetCatalog target) throws Exception {
    DerivedSchema schema = new DerivedSchema(source, target.schema(), findings, options.policies());
    schema.derive(catalog);
    report.skipped(schema.skipped);
    derived = schema;
    return schema;
  }

  private TargetCatalog begun(SourceCatalog catalog, TargetCatalog target, Ledger.Saved saved)
      throws Exception {
    report.put("schemaMode", saved.derived() ? "derive" : "existing");
    if (saved.derived()) {
      derive(catalog, target);
    }
    return new TargetCatalog(
        target.schema(),
        target.tables(),
        saved.foreignKeys(),
        target.sequences(),
        target.unusual());
  }
}
