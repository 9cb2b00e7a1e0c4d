package dev.wharfinger.e2e.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where rows are. Only {@link World} touches what is in it. */
sealed interface Store {
  List<String> rows();

  /** A file with its one lock, and the markers beside it. */
  final class SqliteFile implements Store {
    private final List<String> rows = new ArrayList<>();
    @Nullable String lockedBy;
    @Nullable String movedBy;
    final Map<String, World.Commit> markers = new HashMap<>();
    // A volume that nobody has put a file on yet.
    boolean there;

    @Override
    public List<String> rows() {
      return rows;
    }
  }

  /** A database with its markers, and the tables' lock. */
  final class Postgres implements Store {
    final String name;
    final String volume;
    String password;
    Tls tls = Tls.NONE;
    final Map<String, World.Commit> markers = new HashMap<>();
    private final List<String> rows = new ArrayList<>();
    @Nullable String heldBy;
    @Nullable String movedBy;

    /** Made on a volume, with this password. */
    Postgres(String name, String volume, String password) {
      this.name = name;
      this.volume = volume;
      this.password = password;
    }

    @Override
    public List<String> rows() {
      return rows;
    }
  }
}
