package dev.wharfinger.operator.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * What a server told the last look at it, from the last words of that pod.
 *
 * @param bytes size of the database
 * @param active sessions of the application's role that run a statement
 * @param idle those that wait for one
 * @param idleInTransaction those that wait for one in a transaction
 * @param connections sessions of any role in the database
 * @param maxConnections the server's {@code max_connections}
 * @param oldestTransactionSeconds how long the oldest transaction of the role has been open
 */
public record ServerFigures(
    long bytes,
    long active,
    long idle,
    long idleInTransaction,
    long connections,
    long maxConnections,
    long oldestTransactionSeconds) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Reads {@code {"figures": {"bytes": …, …}}}.
   *
   * @return null where the words have none
   */
  public static @Nullable ServerFigures parse(@Nullable String words) {
    if (words == null) {
      return null;
    }
    try {
      JsonNode figures = MAPPER.readTree(words).path("figures");
      return figures.path("bytes").isIntegralNumber()
          ? new ServerFigures(
              figures.path("bytes").asLong(),
              figures.path("active").asLong(),
              figures.path("idle").asLong(),
              figures.path("idleInTransaction").asLong(),
              figures.path("connections").asLong(),
              figures.path("maxConnections").asLong(),
              figures.path("oldestTransactionSeconds").asLong())
          : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
