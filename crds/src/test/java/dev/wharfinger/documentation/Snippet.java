package dev.wharfinger.documentation;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A piece of the documentation that a reader may copy.
 *
 * @param file where it stands, relative to the repository
 * @param line number of its first line, from 1
 * @param language the fence's info string, empty where there is none
 * @param text its lines, without the indentation of the fence
 */
record Snippet(Path file, int line, String language, String text) {
  private static final Pattern FENCE = Pattern.compile("^( *)```(.*)$");
  private static final Pattern COMMAND_IN_COMMENT = Pattern.compile("(?m)^# {3}(\\S.*)$");

  /** The fenced blocks of a page, in order. */
  static List<Snippet> ofPage(Path page) {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = read(page).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher open = FENCE.matcher(lines.get(i));
      if (!open.matches()) {
        continue;
      }
      int indentation = open.group(1).length();
      StringBuilder text = new StringBuilder();
      int first = i + 2;
      for (i++; i < lines.size() && !FENCE.matcher(lines.get(i)).matches(); i++) {
        String line = lines.get(i);
        text.append(line.substring(Math.min(indentation, line.length()))).append('\n');
      }
      snippets.add(new Snippet(relative(page), first, open.group(2).strip(), text.toString()));
    }
    return snippets;
  }

  /** An example as a whole, and the commands its comments name, if any. */
  static List<Snippet> ofExample(Path file) {
    String text = read(file);
    List<Snippet> snippets = new ArrayList<>();
    snippets.add(new Snippet(relative(file), 1, "yaml", text));
    String commands =
        COMMAND_IN_COMMENT
            .matcher(text)
            .results()
            .map(m -> m.group(1) + "\n")
            .collect(Collectors.joining());
    if (!commands.isEmpty()) {
      snippets.add(new Snippet(relative(file), 1, "sh", commands));
    }
    return snippets;
  }

  String place() {
    return file + ":" + line;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path relative(Path file) {
    return Repository.root().relativize(file);
  }
}
