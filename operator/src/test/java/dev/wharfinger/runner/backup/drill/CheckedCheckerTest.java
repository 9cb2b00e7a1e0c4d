package dev.wharfinger.runner.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.backup.BackupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A check that does not see a damage is no check, and whoever relies on it has to hear that. */
class CheckedCheckerTest {
  private static final List<Damage> ALL = List.copyOf(EnumSet.allOf(Damage.class));
  @TempDir private Path root;
  private Path copy;

  @BeforeEach
  void copy() throws Exception {
    copy = Files.createDirectory(root.resolve("copy"));
    Files.writeString(copy.resolve("one"), "one");
    Files.createDirectory(copy.resolve("folder"));
    Files.writeString(copy.resolve("folder/two"), "two");
    Files.createFile(copy.resolve("empty"));
  }

  private CheckedChecker checked() {
    return new CheckedChecker(copy, root.resolve("aside"), new Random(1));
  }

  private boolean sound() throws Exception {
    return Files.exists(copy.resolve("one"))
        && Files.exists(copy.resolve("folder/two"))
        && Files.readString(copy.resolve("one")).equals("one")
        && Files.readString(copy.resolve("folder/two")).equals("two");
  }

  @Test
  void aCheckThatSeesEverythingPassesAndTheCopyIsMendedEachTime() throws Exception {
    CheckedChecker checked = checked();

    checked.run(() -> !sound(), "it", ALL);

    assertThat(checked.noticed())
        .containsExactly("flipped-byte of it", "missing-object of it", "truncated-object of it");
    assertThat(sound()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void T33_aDamageThatIsNotNoticedEndsTheDrill(Damage unseen) {
    CheckedChecker checked = checked();

    assertThatThrownBy(() -> checked.run(() -> false, "it", List.of(unseen)))
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> {
              assertThat(e.reason()).isEqualTo("damage-unnoticed");
              assertThat(e.permanent()).isTrue();
            })
        .hasMessageContaining(unseen.word());
    assertThat(checked.noticed()).isEmpty();
  }

  @Test
  void T33_aCheckThatSeesOnlyMissingFilesDoesNotPass() {
    assertThatThrownBy(() ->
            checked()
                .run(
                    () ->
                        !Files.exists(copy.resolve("one"))
                            || !Files.exists(copy.resolve("folder/two")),
                    "it",
                    ALL))
        .hasMessageContaining("flipped-byte");
  }

  @Test
  void aCheckThatAlwaysComplainsProvesNothing() {
    assertThatThrownBy(() -> checked().run(() -> true, "it", ALL))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.reason()).isEqualTo("drill-failed"));
  }
}
