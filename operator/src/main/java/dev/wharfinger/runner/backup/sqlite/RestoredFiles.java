package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.CatalogueLine;
import dev.wharfinger.runner.backup.Digests;
import dev.wharfinger.runner.backup.ObjectInput;
import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.StoredSet;
import dev.wharfinger.runner.backup.seal.Identities;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a set says that its files are, compared with those that a restore has made, after it has
 * ended and by nothing that it had in memory.
 */
public final class RestoredFiles {
  private record File(long bytes, String sha256) {}

  private final TreeMap<String, File> files;

  private RestoredFiles(TreeMap<String, File> files) {
    this.files = files;
  }

  /** Reads what a set says. */
  public static RestoredFiles of(StoredSet set, Identities identities)
      throws IOException, BackupException {
    TreeMap<String, File> files = new TreeMap<>();
    String name = SetNames.CATALOGUE + (set.recipients().isEmpty() ? "" : ".age");
    try (ObjectInput in = set.read(name, identities);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonNode line = CatalogueLine.read(text);
        String kind = line.path("kind").asText();
        if (kind.equals(CatalogueLine.DATABASE) || kind.equals(CatalogueLine.FILE)) {
          String path = line.path(kind.equals(CatalogueLine.FILE) ? "path" : "name").asText();
          files.put(path, new File(line.path("bytes").asLong(), line.path("sha256").asText()));
        }
      }
    }
    return new RestoredFiles(files);
  }

  /** Whether there is anything in them. */
  public boolean anything() {
    return files.values().stream().anyMatch(file -> file.bytes > 0);
  }

  /** How many there are. */
  public int count() {
    return files.size();
  }

  /** Which files of a directory are others, missing or too many; empty if it is all as it was. */
  public List<String> differences(Path directory) throws IOException, BackupException {
    List<String> found = new ArrayList<>();
    Set<Path> known = new HashSet<>();
    for (var one : files.entrySet()) {
      Path file = directory.resolve(Declared.relative(one.getKey()));
      known.add(file);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        found.add(one.getKey() + " is missing");
      } else if (!same(file, one.getValue())) {
        found.add(one.getKey() + " is not what the catalogue says");
      }
    }
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !known.contains(file))
          .forEach(file -> found.add(directory.relativize(file) + " is too many"));
    }
    return found;
  }

  private static boolean same(Path file, File expected) throws IOException {
    Digests digests = new Digests();
    try (InputStream in = digests.reading(Files.newInputStream(file))) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digests.bytes() == expected.bytes && digests.hex().equals(expected.sha256);
  }
}
