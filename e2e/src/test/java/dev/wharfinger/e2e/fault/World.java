package dev.wharfinger.e2e.fault;

import dev.wharfinger.e2e.fault.Store.Postgres;
import dev.wharfinger.e2e.fault.Store.SqliteFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The data of one namespace: SQLite files on volumes, PostgreSQL databases with their markers, and
 * every row that an application was told is stored. It obeys the rules of the real ones that the
 * safety of a move rests on: one lock per file, one marker per operation, commit or nothing.
 */
final class World {
  static final String VIOLATION = "VIOLATION";

  /** What became of a try to move the data. */
  enum Commit {
    COMMITTED,
    ABORTED
  }

  private final History history;
  // By uid of the claim, or of the pod for a database without one.
  private final Map<String, SqliteFile> files = new HashMap<>();
  private final Map<String, Postgres> databases = new HashMap<>();
  private final Map<String, Postgres> running = new HashMap<>();
  private final Set<String> acknowledged = new LinkedHashSet<>();
  // Asked for by those who judge, who must not wait for what they are just told of.
  private final Set<String> moves = ConcurrentHashMap.newKeySet();
  private final Seals seals = new Seals();
  private final SchemaRuns schemas = new SchemaRuns(seals, this::violation);
  private final Set<String> letIn = ConcurrentHashMap.newKeySet();
  private final Set<String> given = ConcurrentHashMap.newKeySet();
  private final Set<String> wishes = ConcurrentHashMap.newKeySet();
  private final Set<String> noted = ConcurrentHashMap.newKeySet();

  World(History history) {
    this.history = history;
  }

  /** For the record. */
  void happened(String who, String what) {
    history.happened(who, what);
  }

  /** Makes the file unless it is there; false where it must be there and is not. */
  synchronized boolean makeFile(String claim, boolean required) {
    SqliteFile file = volume(claim);
    if (required && !file.there) {
      return false;
    }
    if (!file.there) {
      file.there = true;
      history.happened("job", "makes the SQLite file");
    }
    return true;
  }

  private SqliteFile volume(String claim) {
    return files.computeIfAbsent(claim, c -> new SqliteFile());
  }

  synchronized boolean lock(String claim, String pod) {
    SqliteFile file = volume(claim);
    if (!file.there || (file.lockedBy != null && !file.lockedBy.equals(pod))) {
      return false;
    }
    if (file.lockedBy == null) {
      file.lockedBy = pod;
      history.happened("job", "locks the SQLite file");
    }
    return true;
  }

  /** From now on the data of a file are copied by an operation. */
  synchronized void seal(String claim, String operation) {
    seals.put(volume(claim), operation);
  }

  /** From now on those of a database are. */
  synchronized void seal(Postgres database, String operation) {
    seals.put(database, operation);
  }

  /** The kernel's part when a process ends. */
  synchronized void unlock(String pod) {
    files.values().stream()
        .filter(f -> pod.equals(f.lockedBy))
        .forEach(f -> {
          f.lockedBy = null;
          history.happened("job", "the lock on the SQLite file is gone");
        });
    databases.values().stream()
        .filter(d -> pod.equals(d.heldBy))
        .forEach(d -> {
          d.heldBy = null;
          history.happened("job", "the locks on the tables are gone");
        });
  }

  /** Locks the tables of a database; false where another transfer has them. */
  synchronized boolean hold(Postgres database, String pod) {
    if (database.heldBy != null && !database.heldBy.equals(pod)) {
      return false;
    }
    if (database.heldBy == null) {
      database.heldBy = pod;
      history.happened("job", "locks the tables");
    }
    return true;
  }

  /** A server starts on its volume; the first start makes role and database. */
  synchronized void start(String server, String volume, String password) {
    Postgres database = databases.computeIfAbsent(volume, v -> new Postgres(server, v, password));
    running.put(server, database);
    given.add(server + " " + database.password);
    history.happened("server", server + " runs");
  }

  synchronized void stop(String server) {
    running.remove(server);
  }

  /** What a server that runs does about TLS from now on. */
  synchronized void serve(String server, Tls tls) {
    Postgres database = running.get(server);
    if (database != null && !database.tls.equals(tls)) {
      database.tls = tls;
      history.happened("server", server + " reads its files");
    }
  }

  /** The role is given another password, by an administrator or itself. */
  synchronized void alter(String server, String password) {
    given.add(server + " " + password);
    Objects.requireNonNull(running.get(server)).password = password;
    history.happened("server", "the role has another password");
  }

  /** A connection, or null where the server does not run or the password is another. */
  synchronized @Nullable Postgres connect(String server, String password) {
    Postgres database = running.get(server);
    return database == null || !database.password.equals(password) ? null : database;
  }

  /** The same with TLS, as far as both of them want it; nobody is ever shown a stranger. */
  synchronized @Nullable Postgres connect(String server, String password, Tls.Client client) {
    Postgres database = connect(server, password);
    if (database == null || database.tls.takes(client)) {
      return database;
    }
    if (database.tls.on() && client.verifies()) {
      violation("I11: " + server + " shows a certificate that its clients cannot verify");
    }
    return null;
  }

  /** A Secret was seen with that password. */
  void noted(String password) {
    noted.add(password);
  }

  /** Every password that a Secret was seen with. */
  Set<String> noted() {
    return noted;
  }

  /** Whether there is a role on a server. */
  boolean hasRole(String server) {
    return given.stream().anyMatch(g -> g.startsWith(server + " "));
  }

  /** Somebody is about to write a password into a Secret. */
  void wished(String password) {
    wishes.add(password);
  }

  /** Whether somebody has ever wished for that password. */
  boolean isWished(String password) {
    return wishes.contains(password);
  }

  /** Whether the role of a server has that password, or had it once. */
  boolean wasGiven(String server, String password) {
    return given.contains(server + " " + password);
  }

  /** A probe of a server; false where it does not know the password. */
  synchronized boolean probe(String server, String password, Tls.Client client) {
    boolean taken = connect(server, password, client) != null;
    history.happened("job", "the probe is " + (taken ? "let in" : "refused"));
    if (taken) {
      letIn.add(server + " " + password);
    }
    return taken;
  }

  /** Whether a probe was ever let in with that password. */
  boolean letIn(String server, String password) {
    return letIn.contains(server + " " + password);
  }

  /** Jobs that migrate a schema. */
  SchemaRuns schemas() {
    return schemas;
  }

  /** The file of a claim, or null before it was made. */
  synchronized @Nullable SqliteFile file(String claim) {
    SqliteFile file = volume(claim);
    return file.there ? file : null;
  }

  synchronized @Nullable Commit marker(Postgres database, String operation) {
    return database.markers.get(operation);
  }

  /** The marker that stands beside the file of a claim. */
  synchronized @Nullable Commit marker(String claim, String operation) {
    return volume(claim).markers.get(operation);
  }

  /** The transfer's one transaction: the rows and the marker, unless the abort was faster. */
  synchronized boolean commit(Postgres database, String operation, String claim, String pod) {
    SqliteFile file = files.get(claim);
    if (file == null || !pod.equals(file.lockedBy)) {
      violation("I1: a transfer commits without the lock");
      return false;
    }
    if (database.markers.putIfAbsent(operation, Commit.COMMITTED) != null) {
      return false;
    }
    moved(operation, file.movedBy, file, database);
    seals.take(database);
    file.movedBy = operation;
    database.movedBy = null;
    return true;
  }

  /** The same backward: a new file takes the place of the old one. */
  synchronized boolean commitBack(Postgres database, String operation, String claim, String pod) {
    if (!pod.equals(database.heldBy)) {
      violation("I1: a transfer commits without the locks");
      return false;
    }
    SqliteFile file = volume(claim);
    if (file.markers.putIfAbsent(operation, Commit.COMMITTED) != null) {
      return false;
    }
    moved(operation, database.movedBy, database, file);
    seals.take(file);
    file.there = true;
    file.movedBy = null;
    database.movedBy = operation;
    return true;
  }

  private void moved(String operation, @Nullable String before, Store from, Store to) {
    moves.add(operation);
    if (before != null) {
      violation("I7: %s moves the data a second time, after %s".formatted(operation, before));
    }
    to.rows().clear();
    to.rows().addAll(from.rows());
    history.happened("job", "commits %d rows and the marker".formatted(to.rows().size()));
    if (!new HashSet<>(to.rows()).containsAll(acknowledged)) {
      violation("I2: what was moved lacks rows that were acknowledged");
    }
  }

  /** The abort's answer: what the marker says now. */
  synchronized Commit abort(Postgres database, String operation) {
    return abort(database.markers, operation);
  }

  synchronized Commit abort(String claim, String operation) {
    return abort(volume(claim).markers, operation);
  }

  private Commit abort(Map<String, Commit> markers, String operation) {
    Commit earlier = markers.putIfAbsent(operation, Commit.ABORTED);
    Commit outcome = earlier == null ? Commit.ABORTED : earlier;
    if (outcome == Commit.ABORTED) {
      seals.take(operation);
    }
    history.happened("job", "abort finds: " + outcome);
    return outcome;
  }

  /** An application stores a row in the file; false where it is locked or gone. */
  synchronized boolean writeFile(String claim, String row) {
    SqliteFile file = volume(claim);
    if (!file.there || file.lockedBy != null) {
      return false;
    }
    if (file.movedBy != null) {
      violation("I2: row " + row + " is stored in the SQLite file after its data was moved");
    }
    changed(file, row);
    file.rows().add(row);
    acknowledged.add(row);
    return true;
  }

  synchronized boolean writeDatabase(String server, String password, String row) {
    return writeDatabase(server, password, Tls.Client.EASY, row);
  }

  synchronized boolean writeDatabase(
      String server, String password, Tls.Client client, String row) {
    Postgres database = connect(server, password, client);
    if (database == null || database.heldBy != null) {
      return false;
    }
    if (database.movedBy != null) {
      violation("I2: row " + row + " is stored in PostgreSQL after its data was moved");
    }
    changed(database, row);
    database.rows().add(row);
    acknowledged.add(row);
    return true;
  }

  private void changed(Store store, String row) {
    String operation = seals.of(store);
    if (operation != null) {
      violation("I5: row %s changes what %s has begun to copy".formatted(row, operation));
    }
  }

  /** A volume is gone, and with it what it held; nobody can expect those rows any more. */
  synchronized void lose(String claim) {
    SqliteFile file = files.remove(claim);
    Postgres database = databases.remove(claim);
    List<String> lost = file != null ? file.rows() : database != null ? database.rows() : List.of();
    history.happened("storage", "a volume with %d rows is gone".formatted(lost.size()));
    Set<String> kept = new HashSet<>();
    files.values().forEach(f -> kept.addAll(f.rows()));
    databases.values().forEach(d -> kept.addAll(d.rows()));
    acknowledged.removeIf(row -> !kept.contains(row));
  }

  /** The rows that the file of a claim lacks, or that the database on it lacks. */
  synchronized List<String> missing(String claim) {
    SqliteFile file = files.get(claim);
    Postgres database = databases.get(claim);
    List<String> rows = file != null ? file.rows() : database != null ? database.rows() : List.of();
    Set<String> stored = new HashSet<>(rows);
    return acknowledged.stream().filter(row -> !stored.contains(row)).toList();
  }

  /** How many rows the applications may count on. */
  synchronized int acknowledged() {
    return acknowledged.size();
  }

  /** How often a transfer has committed. */
  int moves() {
    return moves.size();
  }

  /** Whether a transfer has committed. */
  boolean moved(String operation) {
    return moves.contains(operation);
  }

  private void violation(String text) {
    history.happened(VIOLATION, text);
  }
}
