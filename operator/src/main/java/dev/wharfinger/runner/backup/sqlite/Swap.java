package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a restore has staged in the place of what is there. Nothing is overwritten and nothing
 * deleted: what stood under a name is moved away under the same name first. Where it is killed, the
 * next one goes on, and what is still staged tells it where: a staged file has not got its place.
 * Nobody may use the data meanwhile, and the databases that are moved away are locked.
 */
public final class Swap {
  private static final List<String> LOGS = List.of("-wal", "-shm", "-journal");
  private final Beside beside;
  private final List<String> declared;
  private boolean untouched;

  /**
   * A swap that was not begun.
   *
   * @param declared databases that are moved away also where the set has none of that name: they
   *     are of another instant
   */
  public Swap(Beside beside, List<String> declared) {
    this.beside = beside;
    this.declared = declared;
  }

  /**
   * Swaps, or ends what was begun.
   *
   * @return what was restored
   * @throws BackupException {@code nothing-staged}, also where a part of it is gone, or what {@link
   *     #check} finds, where nothing was touched; {@code staged-lost} where an earlier try has
   *     begun; {@code database-in-use} where somebody has one open
   */
  public RestoreRecord run() throws IOException, BackupException {
    for (String name : declared) {
      Declared.relative(name);
    }
    try (Closeable held = Staging.hold(beside.directory())) {
      untouched = !begun();
      RestoreRecord staged = toPlace();
      if (untouched) {
        whole();
        check();
      }
      try (LockedDatabases locked = LockedDatabases.of(old(databases(beside.contents())))) {
        place(staged);
      }
      return staged;
    }
  }

  /** Whether this has changed nothing, nor has one before it. */
  public boolean untouched() {
    return untouched;
  }

  private boolean begun() {
    return Files.isDirectory(beside.kept(), LinkOption.NOFOLLOW_LINKS);
  }

  private RestoreRecord toPlace() throws IOException, BackupException {
    RestoreRecord staged = beside.staged();
    if (staged == null) {
      String none =
          beside.directory() + " has nothing that restore --stage " + beside.task() + " has made";
      throw begun()
          ? BackupException.refused(
              "staged-lost",
              none
                  + " any more, and the swap was begun: what was there before is in "
                  + beside.kept())
          : BackupException.refused("nothing-staged", none);
    }
    return staged;
  }

  /** What is no longer staged would be taken for what has its place already. */
  private void whole() throws IOException, BackupException {
    int there = files().size();
    int made = beside.contents().path("files").asInt();
    if (there != made) {
      throw BackupException.refused(
          "nothing-staged",
          "of %d files that restore --stage %s has made in %s, %d are there"
              .formatted(made, beside.task(), beside.fresh(), there));
    }
  }

  private void place(RestoreRecord staged) throws IOException {
    JsonNode contents = beside.contents();
    untouched = false;
    if (!begun()) {
      Files.createDirectory(
          beside.kept(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Staging.sync(beside.directory());
    }
    Failpoint.at("swap-begun");
    exchangeDatabases(contents);
    for (Path file : files()) {
      exchange(file, List.of());
    }
    folders(contents);
    Failpoint.at("swap-placed");
    beside.done(staged);
    Failpoint.at("swap-recorded");
    clean();
  }

  /** Removes what one that was killed at its very end has left. */
  public void finish() throws IOException, BackupException {
    try (Closeable held = Staging.hold(beside.directory())) {
      clean();
    }
  }

  /** Removes what was staged and has its place by another name. */
  private void clean() throws IOException {
    if (Files.isDirectory(beside.fresh(), LinkOption.NOFOLLOW_LINKS)) {
      Staging.delete(beside.fresh());
      Staging.sync(beside.directory());
    }
  }

  /** Databases that have not got their place, or are to be moved away without another. */
  private Set<String> databases(JsonNode contents) {
    Set<String> staged = staged(contents);
    Set<String> all = new LinkedHashSet<>(staged);
    all.addAll(declared);
    // One that was staged has its place, and a log beside it would be its own.
    all.removeIf(name -> staged.contains(name) && !there(beside.files().resolve(name)));
    return all;
  }

  private static Set<String> staged(JsonNode contents) {
    Set<String> staged = new LinkedHashSet<>();
    contents.path("databases").forEach(one -> staged.add(one.asText()));
    return staged;
  }

  /** What stands in their places, but for what was placed there just now. */
  private List<Path> old(Set<String> databases) throws IOException {
    List<Path> old = new ArrayList<>();
    for (String name : databases) {
      if (!placed(name)) {
        old.add(beside.directory().resolve(name));
      }
    }
    return old;
  }

  /** Whether a staged file has its second name already. */
  private boolean placed(String name) throws IOException {
    Path fresh = beside.files().resolve(name);
    Path place = beside.directory().resolve(name);
    return there(fresh) && there(place) && Files.isSameFile(fresh, place);
  }

  private void exchangeDatabases(JsonNode contents) throws IOException {
    for (String name : databases(contents)) {
      if (!placed(name)) {
        // Its log first: a database that is found without one would be taken for a whole one.
        keepLogs(name);
      }
      Path fresh = beside.files().resolve(name);
      if (there(fresh)) {
        exchange(fresh, List.of(name));
      } else if (!staged(contents).contains(name)) {
        keep(Path.of(name));
      }
    }
  }

  private void keepLogs(String database) throws IOException {
    for (String ending : LOGS) {
      keep(Path.of(database + ending));
    }
  }

  /** What is still staged; that they have these names is on disk for good. */
  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        beside.files(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
              throws IOException {
            Staging.sync(folder);
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.naturalOrder());
    return files;
  }

  /**
   * Gives a staged file its place.
   *
   * @param databases its name again, where it is a database
   */
  private void exchange(Path fresh, List<String> databases) throws IOException {
    Path name = beside.files().relativize(fresh);
    Path place = beside.directory().resolve(name);
    if (!there(place) || !Files.isSameFile(fresh, place)) {
      keep(name);
      for (String database : databases) {
        // Whoever came between has made a log, which would be taken for one of the new file.
        keepLogs(database);
      }
      folder(name.getParent() == null ? Path.of("") : name.getParent());
      open(place.resolveSibling(".").normalize());
      // A rename would overwrite what has appeared there.
      Files.createLink(place, fresh);
      Failpoint.at("swap-linked");
      Staging.sync(place.resolveSibling("."));
    }
    Files.delete(fresh);
    Failpoint.at("swap-exchanged");
  }

  /** Makes a folder with those above it; what stands there and is none goes away. */
  private void folder(Path name) throws IOException {
    if (name.toString().isEmpty() || Files.isDirectory(beside.directory().resolve(name))) {
      return;
    }
    if (name.getParent() != null) {
      folder(name.getParent());
    }
    keep(name);
    Path place = beside.directory().resolve(name);
    open(place.resolveSibling(".").normalize());
    Files.createDirectory(place);
    Staging.sync(place.resolveSibling("."));
  }

  /** Makes a folder with those above it, each for good before anything is moved into it. */
  private static void make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      make(folder.resolveSibling(".").normalize());
      Files.createDirectory(folder);
      Staging.sync(folder.resolveSibling("."));
    }
  }

  /** Moves away what stands under a name, if anything does. */
  private void keep(Path name) throws IOException {
    Path place = beside.directory().resolve(name);
    if (!there(place)) {
      return;
    }
    Path kept = beside.kept().resolve(name);
    make(kept.resolveSibling(".").normalize());
    // An earlier try has moved one away, and somebody has made another since.
    for (int i = 1; there(kept); i++) {
      kept = beside.kept().resolve(name + "." + i);
    }
    open(place.resolveSibling(".").normalize());
    Files.move(place, kept, StandardCopyOption.ATOMIC_MOVE);
    Staging.sync(kept.resolveSibling("."));
    Staging.sync(place.resolveSibling("."));
    Failpoint.at("swap-kept");
  }

  /** From the innermost on, for a mode may keep even us from writing into a folder. */
  private void folders(JsonNode contents) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    contents.path("folders").forEach(all::add);
    all.sort(Comparator.comparing((JsonNode one) -> one.path("path").asText()).reversed());
    Set<String> done = new HashSet<>();
    for (JsonNode one : all) {
      Path name = Path.of(one.path("path").asText());
      if (done.add(name.toString())) {
        folder(name);
        Path place = beside.directory().resolve(name);
        FileFacts.of(one).apply(place);
      }
    }
  }

  /** A folder of ours may have a mode by which not even we change what is in it. */
  private static void open(Path folder) throws IOException {
    Set<PosixFilePermission> mode = new HashSet<>(Files.getPosixFilePermissions(folder));
    if (!Files.isWritable(folder) && mode.addAll(PosixFilePermissions.fromString("rwx------"))) {
      Files.setPosixFilePermissions(folder, mode);
    }
  }

  /**
   * Whether everything can be exchanged; looked at before anything is.
   *
   * @throws BackupException {@code folder-not-writable} or {@code no-hard-links}
   */
  void check() throws IOException, BackupException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path fresh : files()) {
      folders.add(nearest(beside.files().relativize(fresh)));
    }
    for (String name : declared) {
      folders.add(nearest(Path.of(name)));
    }
    new Exchangeable(beside).check(folders);
  }

  /** The innermost folder that is there already, of those that a name is in. */
  private Path nearest(Path name) {
    Path parent = name.getParent();
    while (parent != null && !Files.isDirectory(beside.directory().resolve(parent))) {
      parent = parent.getParent();
    }
    return parent == null ? beside.directory() : beside.directory().resolve(parent);
  }

  private static boolean there(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
