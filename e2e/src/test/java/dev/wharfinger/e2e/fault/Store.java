package dev.wharfinger.e2e.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where rows are. Only {@link World} touches what is in it. */
sealed interface Store {
  List<String> rows();

  /** A file with its one lock. */
  final class SqliteFile implements Store {
    private final List<String> rows = new ArrayList<>();
    @Nullable String lockedBy;
    @Nullable String movedBy;

    @Override
    public List<String> rows() {
      return rows;
    }
  }

  /**
   * A database with its markers.
   *
   * @param password the one that it was made with
   */
  record Postgres(
      String name, String password, List<String> rows, Map<String, World.Commit> markers)
      implements Store {
    Postgres(String name, String password) {
      this(name, password, new ArrayList<>(), new HashMap<>());
    }
  }
}
