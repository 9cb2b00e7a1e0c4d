package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.api.v1alpha1.StorageRestoreStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A set comes in the place of what is there, when a person has said the word of the plan. */
class RestoreStory {
  private static final String WAIT = "--timeout=5m";

  @RegisterExtension static final Story story = new Story("restore", 1);

  @Test
  void PIP_22_theApplicationComesBackWithTheRowsOfTheSetAndWhatItWroteSinceIsKept() {
    apply("backup/storageinstance.yaml");
    apply("backup/application.yaml");
    story.instance("diary").awaitReady();
    String application = story.pods().awaitReadyOf("diary").getMetadata().getName();
    await("rows").atMost(Duration.ofMinutes(2)).until(() -> rows(application, "diary.db") > 200);
    write(application, "before");
    apply("backup/storagebackup.yaml");
    kubectl("wait", "sbk/diary-before-upgrade", "--for=condition=Ready", WAIT);
    long set =
        Objects.requireNonNull(
                Objects.requireNonNull(get(StorageBackup.class, "diary-before-upgrade").getStatus())
                    .totals())
            .rows();
    write(application, "after");

    apply("restore/storagerestore.yaml");
    kubectl("wait", "srs/diary-back", "--for=jsonpath={.status.phase}=AwaitingConfirmation", WAIT);
    StorageRestoreStatus.Plan plan = Objects.requireNonNull(restore().plan());
    assertThat(plan.rows()).isEqualTo(set);
    say("another word");
    await("refused")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(restore().conditions())
                .anySatisfy(c -> assertThat(c.getReason()).isEqualTo("ConfirmationDiffers")));
    assertThat(story.pods().awaitReadyOf("diary").getMetadata().getName()).isEqualTo(application);
    assertThat(texts(application, "diary.db", "after")).isEqualTo(1);

    say(plan.confirm());
    kubectl("wait", "srs/diary-back", "--for=condition=Ready", WAIT);

    StorageRestoreStatus done = restore();
    assertThat(done.phase()).as("%s", done).isEqualTo(RestorePhase.DONE);
    assertThat(Objects.requireNonNull(done.restored()).rows()).isEqualTo(set);
    String again = story.pods().awaitReadyOf("diary").getMetadata().getName();
    assertThat(again).isNotEqualTo(application);
    assertThat(texts(again, "diary.db", "before")).isEqualTo(1);
    assertThat(texts(again, "diary.db", "after")).isZero();
    assertThat(ask(again, "diary.db", "PRAGMA integrity_check")).isEqualTo("ok");
    await("it writes on").atMost(Duration.ofMinutes(1)).until(() -> rows(again, "diary.db") > set);

    StorageRestoreStatus.Kept kept = Objects.requireNonNull(done.kept());
    assertThat(kept.claim()).isEqualTo("diary-data");
    assertThat(texts(again, kept.folder() + "/diary.db", "after")).isEqualTo(1);
    StorageBackupStatus safety =
        Objects.requireNonNull(
            get(StorageBackup.class, Objects.requireNonNull(done.safetyBackup())).getStatus());
    assertThat(safety.phase()).isEqualTo(BackupPhase.COMPLETED);
    assertThat(Objects.requireNonNull(safety.totals()).rows())
        .isBetween(set + 1, rows(again, kept.folder() + "/diary.db"));
    story.instance("diary").awaitReady();
    assertThat(
            Objects.requireNonNull(story.instance("diary").existing().getStatus()).restoredFrom())
        .isNotNull()
        .returns(plan.setId(), from -> from.id());
  }

  private static void apply(String example) {
    kubectl("apply", "-f", Shell.TOP.resolve("examples/" + example).toString());
  }

  private static void kubectl(String verb, String... words) {
    String[] command = new String[words.length + 4];
    System.arraycopy(new String[] {"kubectl", verb, "-n", story.namespace()}, 0, command, 0, 4);
    System.arraycopy(words, 0, command, 4, words.length);
    Shell.run(command);
  }

  private static void say(String word) {
    kubectl(
        "patch",
        "srs",
        "diary-back",
        "--type=merge",
        "--patch",
        "{\"spec\":{\"confirm\":\"%s\"}}".formatted(word));
  }

  private static StorageRestoreStatus restore() {
    return Objects.requireNonNull(get(StorageRestore.class, "diary-back").getStatus());
  }

  private static <T extends HasMetadata> T get(Class<T> type, String name) {
    return Objects.requireNonNull(
        story.client().resources(type).inNamespace(story.namespace()).withName(name).get());
  }

  private static void write(String pod, String text) {
    ask(pod, "diary.db", "INSERT INTO entry (text) VALUES ('%s')".formatted(text));
  }

  private static long rows(String pod, String file) {
    return Long.parseLong(ask(pod, file, "SELECT count(*) FROM entry"));
  }

  private static long texts(String pod, String file, String text) {
    return Long.parseLong(
        ask(pod, file, "SELECT count(*) FROM entry WHERE text = '%s'".formatted(text)));
  }

  /** The one value that a statement gives in a file on the application's volume. */
  private static String ask(String pod, String file, String statement) {
    return story
        .pods()
        .exec(
            pod,
            "python3",
            "-c",
            """
            import sqlite3, sys
            file = sqlite3.connect("/data/" + sys.argv[1], timeout=10)
            with file:
                print((file.execute(sys.argv[2]).fetchone() or [""])[0])
            """,
            file,
            statement)
        .strip();
  }
}
