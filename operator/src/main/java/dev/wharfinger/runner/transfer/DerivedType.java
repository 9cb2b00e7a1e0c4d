package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.TargetType;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type for a column that has none yet: the first of those its declaration suggests that takes
 * every stored value, by the very encoders that will send them.
 *
 * @param name as in the catalogue
 * @param typmod as in the catalogue
 * @param sql as SQL
 */
record DerivedType(String name, int typmod, String sql) {
  static final DerivedType BIGINT = new DerivedType("int8", -1, "bigint");
  private static final DerivedType DOUBLE = new DerivedType("float8", -1, "double precision");
  private static final DerivedType NUMERIC = new DerivedType("numeric", -1, "numeric");
  static final DerivedType BOOLEAN = new DerivedType("bool", -1, "boolean");
  static final DerivedType TEXT = new DerivedType("text", -1, "text");
  private static final DerivedType BYTEA = new DerivedType("bytea", -1, "bytea");
  private static final DerivedType UUID = new DerivedType("uuid", -1, "uuid");
  private static final DerivedType JSON = new DerivedType("json", -1, "json");
  private static final DerivedType JSONB = new DerivedType("jsonb", -1, "jsonb");
  private static final List<DerivedType> DOCUMENTS = List.of(JSONB, JSON);
  private static final DerivedType DATE = new DerivedType("date", -1, "date");
  private static final DerivedType TIME = new DerivedType("time", -1, "time");
  private static final DerivedType TIMESTAMP = new DerivedType("timestamp", -1, "timestamp");
  private static final DerivedType TIMESTAMPTZ = new DerivedType("timestamptz", -1, "timestamptz");
  private static final Set<DerivedType> TIMES = Set.of(DATE, TIME, TIMESTAMP, TIMESTAMPTZ);
  private static final Pattern LENGTH = Pattern.compile("\\( *(\\d{1,8}) *\\)");

  /** Looks at the declaration and then at every value. */
  static DerivedType of(
      SourceDatabase source, SourceTable table, SourceColumn column, Choices choices)
      throws Exception {
    boolean json = table.text().checksJson(column.name());
    List<DerivedType> candidates = json ? DOCUMENTS : candidates(column.declaredType());
    for (DerivedType candidate : candidates) {
      if (candidate == TEXT) {
        break;
      }
      if (candidate.takes(source, table, column, choices)) {
        return candidate;
      }
    }
    boolean bytes =
        (candidates.contains(BYTEA) || column.declaredType().isEmpty())
            && source.stores(table.name(), column.name(), "'blob'")
            && !source.stores(table.name(), column.name(), "'integer', 'real'");
    boolean texts = bytes && source.stores(table.name(), column.name(), "'text'");
    boolean onlyBytes = bytes && !texts && column.declaredType().isEmpty();
    // Beside bytes that are no text, texts are bytes too; the report counts them.
    return onlyBytes || texts && !TEXT.takes(source, table, column, choices) ? BYTEA : TEXT;
  }

  private static List<DerivedType> candidates(String declared) {
    String type = Names.upper(declared);
    Matcher length = LENGTH.matcher(type);
    if (type.startsWith("BOOL")) {
      return List.of(BOOLEAN, BIGINT, DOUBLE);
    } else if (type.contains("INT")) {
      return List.of(BIGINT, DOUBLE);
    } else if (type.contains("JSON")) {
      return DOCUMENTS;
    } else if (type.contains("UUID")) {
      return List.of(UUID, BYTEA);
    } else if (type.contains("CHAR") && length.find() && Integer.parseInt(length.group(1)) > 0) {
      int n = Math.min(Integer.parseInt(length.group(1)), 10_485_760);
      return List.of(new DerivedType("varchar", n + 4, "varchar(" + n + ")"));
    } else if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return List.of(TEXT);
    } else if (type.contains("BLOB") || type.contains("BINARY") || type.equals("BYTEA")) {
      return List.of(BYTEA);
    } else if (type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")) {
      return List.of(DOUBLE);
    } else if (type.equals("DATE")) {
      return List.of(DATE, TIMESTAMP, TIMESTAMPTZ, BIGINT, DOUBLE);
    } else if (type.equals("TIME")) {
      return List.of(TIME);
    } else if (type.contains("DATE") || type.contains("TIME")) {
      return List.of(TIMESTAMP, TIMESTAMPTZ, BIGINT, DOUBLE);
    } else if (type.contains("DEC") || type.contains("NUM")) {
      return List.of(NUMERIC);
    }
    return List.of(BIGINT, DOUBLE, TEXT);
  }

  private ColumnEncoder encoder(ColumnFacts facts, Choices choices) {
    return Encoders.of(TargetType.of(name, typmod), false, facts, choices);
  }

  private boolean takes(
      SourceDatabase source, SourceTable table, SourceColumn column, Choices choices)
      throws Exception {
    ColumnEncoder encoder = encoder(source.facts(table.name(), column.name()), choices);
    Cell cell = new Cell();
    RowBuffer buffer = new RowBuffer();
    boolean[] fits = {true};
    source.forEach(
        "SELECT %s FROM %s"
            .formatted(
                TableMapping.expression(Quoting.name(column.name()), name),
                Quoting.name(table.name())),
        row -> {
          if (fits[0]) {
            row.read(0, cell);
            buffer.truncate(0);
            var verdict = encoder.encode(cell, buffer);
            fits[0] = !verdict.rejected() && suits(verdict.rule(), choices) && !rounds(cell);
          }
        });
    return fits[0];
  }

  /** Where 3.0 is stored as such, 2.5 may be next, and PostgreSQL would make 3 of it. */
  private boolean rounds(Cell cell) {
    return this == BIGINT && cell.storage() == Storage.REAL;
  }

  /** What a column of this type is in an expression. */
  Operand.Kind kind(SourceDatabase source, SourceTable table, SourceColumn column)
      throws SQLException {
    return switch (name) {
      case "int8" -> Operand.Kind.INTEGER;
      case "float8" -> Operand.Kind.FLOAT;
      case "numeric" -> Operand.Kind.NUMERIC;
      case "bool" -> Operand.Kind.BOOLEAN;
      case "json", "jsonb" -> Operand.Kind.JSON;
      case "text", "varchar" -> textKind(source, table, column);
      default -> Operand.Kind.OTHER;
    };
  }

  private static Operand.Kind textKind(
      SourceDatabase source, SourceTable table, SourceColumn column) throws SQLException {
    return switch (column.affinity()) {
      case INTEGER, REAL, NUMERIC -> Operand.Kind.TEXT_OR_NUMBER;
      case BLOB ->
          source.stores(table.name(), column.name(), "'integer', 'real'")
              ? Operand.Kind.TEXT_OR_NUMBER
              : Operand.Kind.TEXT_OR_BYTES;
      case TEXT -> {
        if (source.stores(table.name(), column.name(), "'integer', 'real', 'blob'")) {
          yield Operand.Kind.TEXT_OR_BYTES;
        }
        boolean binary = table.text().collation(column.name()).equals("BINARY");
        yield binary ? Operand.Kind.TEXT : Operand.Kind.FOLDED_TEXT;
      }
    };
  }

  /** Rules that are right for a given schema and wrong for a free choice. */
  private static boolean suits(String rule, Choices choices) {
    return switch (rule) {
      // Offsets would be lost, numbers would lose their text, text its place among numbers.
      case "offset-applied",
          "text-to-integer",
          "text-to-float",
          "text-to-its-bytes",
          "boolean-word-to-integer",
          "empty-text-to-null",
          "blank-text-to-null",
          "sign-of-zero-dropped",
          "midnight-to-date",
          "day-before-time-dropped" ->
          false;
      case "epoch-number-to-time" -> choices.get(PolicyKind.EPOCH_UNIT).isPresent();
      default -> true;
    };
  }

  /** A value as SQL, where a column of this type takes it as it is. */
  Optional<String> literal(Cell value) {
    Verdict verdict = encoder(ColumnFacts.NONE, Choices.NONE).encode(value, new RowBuffer());
    if (verdict.rejected() || !suits(verdict.rule(), Choices.NONE)) {
      return Optional.empty();
    }
    String text =
        switch (value.storage()) {
          case INTEGER -> Long.toString(value.integer());
          case REAL ->
              this == BIGINT ? Long.toString((long) value.real()) : Double.toString(value.real());
          case BLOB -> this == BYTEA ? "\\x" + HexFormat.of().formatHex(value.bytes()) : "";
          default -> new String(value.bytes(), StandardCharsets.UTF_8);
        };
    boolean lost = value.storage() == Storage.BLOB && this != BYTEA;
    // The session's time zone must not come into it, and PostgreSQL reads no comma.
    boolean vague = TIMES.contains(this) && (verdict != Verdict.EXACT || text.contains(","));
    return lost || vague ? Optional.empty() : Optional.of(Sql.literal(text));
  }
}
