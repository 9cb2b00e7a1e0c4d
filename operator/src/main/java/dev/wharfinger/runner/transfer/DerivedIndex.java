package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * CREATE INDEX for one index of the source. What is unique must stay exactly that unique; another
 * index only makes queries quicker and may be left out.
 */
final class DerivedIndex {
  private final DerivedTable table;
  private final SourceIndex index;
  private final String qualified;
  private final String name;

  DerivedIndex(DerivedTable table, SourceIndex index, String qualified, String name) {
    this.table = table;
    this.index = index;
    this.qualified = qualified;
    this.name = name;
  }

  /** The statements, none where there is nothing to make; empty where it cannot be said. */
  Optional<List<String>> create() {
    Optional<String> where =
        index.where().tokens().isEmpty()
            ? Optional.of("")
            : Translator.condition(index.where(), table::operand).map(c -> " WHERE " + c);
    List<Optional<String>> parts = index.parts().stream().map(this::part).toList();
    if (where.isEmpty() || parts.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    List<String> statements = new ArrayList<>();
    boolean primaryKey = index.origin().equals("pk");
    boolean folding = index.unique() && index.parts().stream().anyMatch(this::folds);
    if (!primaryKey || folding) {
      String parted = parts.stream().map(Optional::get).collect(Collectors.joining(", "));
      statements.add(statement(index.origin().equals("c"), parted, where.get()));
    }
    boolean columnsOnly = index.parts().stream().noneMatch(part -> part.column().isEmpty());
    if (!primaryKey && folding && columnsOnly) {
      // It follows from the other one; foreign keys and ON CONFLICT want to find the columns.
      List<String> columns = index.parts().stream().map(SourceIndex.Part::column).toList();
      statements.add(statement(false, DerivedTable.names(columns), where.get()));
    }
    return Optional.of(statements);
  }

  private String statement(boolean named, String parts, String where) {
    return "CREATE %sINDEX %sON %s (%s)%s"
        .formatted(
            index.unique() ? "UNIQUE " : "",
            named ? Quoting.name(name) + " " : "",
            qualified,
            parts,
            where);
  }

  private Optional<Operand> operand(SourceIndex.Part part) {
    Optional<Operand> operand =
        part.column().isEmpty()
            ? Translator.expression(part.expression(), table::operand)
            : table.operand(part.column());
    // Unique as a text would let in what is twice the same number to the source.
    return operand.filter(o -> !index.unique() || o.kind() != Operand.Kind.TEXT_OR_NUMBER);
  }

  private boolean folds(SourceIndex.Part part) {
    return !part.collation().equals("BINARY")
        && operand(part).filter(Operand::collated).isPresent();
  }

  private Optional<String> part(SourceIndex.Part part) {
    Optional<Operand> operand = operand(part);
    Optional<String> sql =
        index.unique() && operand.isPresent() && folds(part)
            ? Operations.folded(operand.get(), part.collation())
            : operand.map(o -> part.column().isEmpty() ? "(" + o.sql() + ")" : o.sql());
    return sql.map(s -> s + (part.descending() ? " DESC" : ""));
  }
}
