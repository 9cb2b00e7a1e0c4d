package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.Anchor;
import dev.wharfinger.operator.backup.BackupHealth;
import dev.wharfinger.operator.backup.BackupHistory;
import dev.wharfinger.operator.backup.BackupPolicy;
import dev.wharfinger.operator.backup.BackupRecord;
import dev.wharfinger.operator.backup.BackupResult;
import dev.wharfinger.operator.backup.BackupTurn;
import dev.wharfinger.operator.backup.RetentionPreview;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.SetAddress;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.BackupModel;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the backups of an instance stand at a moment, and what its status says of them. */
record BackupStanding(
    StorageInstance instance,
    Observed observed,
    BackupPolicy policy,
    BackupHistory history,
    Instant now) {
  /** Where there is nothing to tell. */
  static final BackupOverview NOTHING =
      new BackupOverview(null, null, null, null, null, null, null, null);

  private static final int SLOTS = 3;

  /** What the schedule asks for; null where there is none. */
  @Nullable BackupTurn turn() {
    BackupOverview before = before(instance);
    return policy.schedule() == null
        ? null
        : BackupTurn.of(
            policy,
            created(),
            before == null ? null : anchor(before.anchor()),
            before == null ? null : instant(before.lastSlot()),
            history,
            now);
  }

  /** Null where nobody says how old a backup may be. */
  @Nullable BackupHealth health() {
    return policy.maxAge() == null
        ? null
        : BackupHealth.of(history.completed(), created(), policy.maxAge(), now);
  }

  /** For the status; the same until a slot passes or a backup ends. */
  @Nullable BackupOverview overview(
      @Nullable BackupTurn turn, @Nullable BackupHealth health, @Nullable String waiting) {
    List<Instant> next = next(turn);
    return orNone(
        new BackupOverview(
            lastSuccessful(history),
            next.isEmpty() ? null : next.stream().map(Instant::toString).toList(),
            waiting,
            turn == null ? null : text(lastSlot(turn, waiting)),
            turn == null ? null : written(turn.anchor()),
            RetentionPreview.of(
                policy, lineage(), health == null || health.healthy(), history, next, now),
            null,
            null));
  }

  /** The slots whose backups have not begun; what was before the schedule was is none of them. */
  private List<Instant> next(@Nullable BackupTurn turn) {
    if (policy.schedule() == null || policy.suspended() || turn == null) {
      return List.of();
    }
    Instant clock = now.minus(policy.jitter());
    Instant since = turn.anchor().since();
    boolean later = since.isAfter(clock) && !since.isAfter(now);
    return policy.schedule().next(SLOTS, later ? since : clock);
  }

  /** For the status of an instance whose schedule cannot be read. */
  static @Nullable BackupOverview unscheduled(StorageInstance instance, BackupHistory history) {
    BackupOverview before = before(instance);
    return orNone(
        new BackupOverview(
            lastSuccessful(history),
            null,
            null,
            before == null ? null : before.lastSlot(),
            before == null ? null : before.anchor(),
            null,
            null,
            null));
  }

  /** The slot that was just run counts, whether or not a cache has its backup yet. */
  private static @Nullable Instant lastSlot(BackupTurn turn, @Nullable String waiting) {
    return turn.what() instanceof BackupTurn.Make make && make.attempt() == 1 && waiting == null
        ? make.slot().at()
        : turn.lastSlot();
  }

  private String lineage() {
    BackupModel options = BackupModel.of(instance);
    return BackupDecision.folder(
        options == null ? null : options.target(),
        SetAddress.prefix(
            instance,
            ActiveBackend.of(
                observed.binding(),
                observed.dataClaim(),
                observed.serverClaim(),
                Objects.requireNonNullElse(
                    instance.getSpec() == null ? null : instance.getSpec().backend(),
                    Backend.SQLITE))));
  }

  private Instant created() {
    Instant created = instant(instance.getMetadata().getCreationTimestamp());
    return created == null ? now : created;
  }

  private static BackupOverview.@Nullable LastSuccessful lastSuccessful(BackupHistory history) {
    BackupRecord last = history.lastSuccessful();
    BackupResult ended = last == null ? null : last.ended();
    String at = ended == null ? null : ended.facts().consistentAt();
    return last == null || ended == null || at == null
        ? null
        : new BackupOverview.LastSuccessful(last.name(), ended.facts().setId(), at);
  }

  private static @Nullable BackupOverview before(StorageInstance instance) {
    return instance.getStatus() == null ? null : instance.getStatus().backup();
  }

  private static @Nullable Anchor anchor(BackupOverview.@Nullable Anchor kept) {
    Instant since = kept == null ? null : instant(kept.since());
    return kept == null || since == null || kept.fingerprint() == null
        ? null
        : new Anchor(kept.fingerprint(), since, kept.resumed(), kept.suspended());
  }

  private static BackupOverview.Anchor written(Anchor anchor) {
    return new BackupOverview.Anchor(
        anchor.fingerprint(), anchor.since().toString(), anchor.resumed(), anchor.suspended());
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable BackupOverview orNone(BackupOverview overview) {
    return overview.equals(NOTHING) ? null : overview;
  }
}
