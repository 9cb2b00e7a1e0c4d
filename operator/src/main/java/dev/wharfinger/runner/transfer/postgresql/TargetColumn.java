package dev.wharfinger.runner.transfer.postgresql;

import dev.wharfinger.runner.transfer.codec.TargetType;
import java.util.List;

/**
 * A column.
 *
 * @param name its name
 * @param type name of the base type, {@code enum} for any enum type, with its schema where it is
 *     not one of PostgreSQL's own; domains are looked through
 * @param base name of the base type as SQL, without a modifier
 * @param elementOid object id of the elements' type, where this is an array
 * @param typmod type modifier as in the catalogue, -1 without; for money that of a numeric with as
 *     many digits after the point as the locale says
 * @param formatted the type as SQL text
 * @param notNull whether it takes no NULL, by itself or by its domain
 * @param generated whether it is computed
 * @param filled whether a row that does not name it gets a value (default, identity)
 * @param labels labels of an enum type
 */
public record TargetColumn(
    String name,
    String type,
    String base,
    int elementOid,
    int typmod,
    String formatted,
    boolean notNull,
    boolean generated,
    boolean filled,
    List<String> labels) {
  /** What an encoder has to know. */
  public TargetType targetType() {
    return new TargetType(type, typmod, labels, elementOid);
  }
}
