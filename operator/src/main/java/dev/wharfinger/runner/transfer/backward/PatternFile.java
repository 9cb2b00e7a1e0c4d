package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.RefusedException;
import dev.wharfinger.runner.transfer.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the file that the new one is to be like, or makes one from PostgreSQL's tables. */
final class PatternFile {
  private final BackwardOptions options;
  private final SourceSnapshot source;
  private final Findings findings;
  private final Report report;

  PatternFile(BackwardOptions options, SourceSnapshot source, Findings findings, Report report) {
    this.options = options;
    this.source = source;
    this.findings = findings;
    this.report = report;
  }

  /** The file of {@code --like}, or the target where it has tables, or a derived one. */
  LikeFile choose(TargetFiles files, OldTarget old) throws Exception {
    Path given = options.like().orElse(files.target());
    LikeFile there = Files.exists(given) ? LikeFile.open(given) : null;
    if (options.like().isPresent() && there == null) {
      throw new IOException("there is no file " + given);
    }
    boolean none = there == null || options.like().isEmpty() && there.catalog().tables().isEmpty();
    boolean derive = options.derive() || none;
    report.put("schemaMode", derive ? "derive" : "existing");
    if (there != null && !derive) {
      return there;
    }
    String journal = there == null ? "delete" : there.pragma("journal_mode");
    if (there != null) {
      there.database().abandon();
      old.reads(there);
    }
    new DerivedFile(source, findings, report).make(files.pattern(), journal);
    if (findings.any()) {
      throw new RefusedException("no schema can be derived; see the findings");
    }
    return LikeFile.open(files.pattern());
  }
}
