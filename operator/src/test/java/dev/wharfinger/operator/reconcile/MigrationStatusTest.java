package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus.Progress;
import dev.wharfinger.operator.migration.MigrationState;
import dev.wharfinger.operator.migration.MigrationState.Mood;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people see of a move. */
class MigrationStatusTest {
  private static final Progress HEARD = new Progress(76, 76, 100, 12L, 2L);

  @Test
  void whileRowsAreCopiedTheLastWordOfTheRunnerCounts() {
    assertThat(progress(MigrationPhase.COPYING, HEARD)).isEqualTo(HEARD);
  }

  @Test
  void whatIsCommittedHasEveryRowWhateverTheRunnerSaidLast() {
    assertThat(progress(MigrationPhase.COMMITTED, HEARD))
        .isEqualTo(new Progress(100, 100, 100, null, null));
    assertThat(progress(MigrationPhase.DONE, HEARD))
        .isEqualTo(new Progress(100, 100, 100, null, null));
  }

  @Test
  void whatDoesNotRunAnyMoreHasNoRate() {
    assertThat(progress(MigrationPhase.FAILED, HEARD))
        .isEqualTo(new Progress(76, 76, 100, null, null));
  }

  @Test
  void whereNothingWasHeardNothingIsSaid() {
    assertThat(progress(MigrationPhase.DONE, null)).isNull();
  }

  private static @Nullable Progress progress(MigrationPhase phase, @Nullable Progress heard) {
    StorageMigration migration = new StorageMigration();
    migration.setMetadata(new ObjectMetaBuilder().withName("app-2").withGeneration(1L).build());
    return new MigrationStatus(migration, Clock.systemUTC())
        .of(
            new MigrationState(phase, Mood.WORKING, "Reason", "message", List.of(), null),
            heard,
            null)
        .progress();
  }
}
