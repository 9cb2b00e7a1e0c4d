package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's pod, under Pod Security {@code restricted}. It calls {@code initdb} and {@code
 * postgres} by itself and mounts its volume at a path of its own, so that every image with these
 * programs on its PATH will do, wherever that image would have kept its data (PostgreSQL 18's
 * moved).
 */
final class PostgresqlPod {
  static final String DATA = "data";

  static final String CONFIG = "config";
  static final String CREDENTIALS = "credentials";
  private static final String VOLUME_DIRECTORY = "/var/lib/wharfinger";
  static final String PGDATA = VOLUME_DIRECTORY + "/pgdata";
  private static final String CONFIG_DIRECTORY = "/etc/wharfinger/config";
  static final String TLS_DIRECTORY = "/etc/wharfinger/tls";
  static final String TLS = "tls";
  static final String RUN = "run";
  static final String TMP = "tmp";

  private static final String SOCKET_DIRECTORY = "/var/run/postgresql";

  private PostgresqlPod() {}

  static PodSpec desired(PostgresqlModel postgresql, PostgresqlServer server) {
    return new PodSpecBuilder()
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withImagePullSecrets(postgresql.imagePullSecrets())
        .withTerminationGracePeriodSeconds(120L)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(postgresql.image().uid())
        .withRunAsGroup(postgresql.image().gid())
        .withFsGroup(postgresql.image().gid())
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withInitContainers(init(postgresql))
        .withContainers(server(postgresql, server))
        .withVolumes(PostgresqlVolumes.of(server))
        .build();
  }

  /** Its exit code says what is wrong with the volume. */
  private static Container init(PostgresqlModel postgresql) {
    return container("init", postgresql)
        .withCommand("/bin/sh", CONFIG_DIRECTORY + "/init.sh")
        .addNewEnv()
        .withName("PG_MAJOR_WANTED")
        .withValue(postgresql.version())
        .endEnv()
        .addToVolumeMounts(mount(CREDENTIALS, "/etc/wharfinger/credentials", true))
        .build();
  }

  private static Container server(PostgresqlModel postgresql, PostgresqlServer server) {
    ContainerBuilder container = container("postgresql", postgresql);
    if (server.tls() != ServerTls.OFF) {
      container.addToVolumeMounts(mount(TLS, TLS_DIRECTORY, true));
    }
    return container
        .withCommand("postgres")
        .withArgs(arguments(postgresql))
        .withResources(postgresql.resources())
        .addNewPort()
        .withName("postgresql")
        .withProtocol("TCP")
        .withContainerPort(PostgresqlModel.PORT)
        .endPort()
        .withStartupProbe(listening(10, 60))
        .withLivenessProbe(listening(10, 6))
        .withReadinessProbe(ready(postgresql))
        .withNewLifecycle()
        .withNewPreStop()
        .withNewExec()
        .withCommand("pg_ctl", "stop", "-D", PGDATA, "-m", "fast", "--no-wait")
        .endExec()
        .endPreStop()
        .endLifecycle()
        .build();
  }

  private static List<String> arguments(PostgresqlModel postgresql) {
    List<String> settings = new ArrayList<>();
    // The others stand in a file, because what an argument says no reload changes.
    ReloadableSettings.others(postgresql)
        .forEach((name, value) -> settings.add(name + "=" + value));
    // Last, so that they win over anything before them.
    settings.add("listen_addresses=*");
    settings.add("port=" + PostgresqlModel.PORT);
    settings.add("config_file=" + CONFIG_DIRECTORY + "/postgresql.conf");
    settings.add("hba_file=" + CONFIG_DIRECTORY + "/pg_hba.conf");
    settings.add("unix_socket_directories=" + SOCKET_DIRECTORY);
    settings.add("password_encryption=scram-sha-256");
    List<String> arguments = new ArrayList<>(List.of("-D", PGDATA));
    settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    return arguments;
  }

  private static ContainerBuilder container(String name, PostgresqlModel postgresql) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(postgresql.image().image())
        .withImagePullPolicy("IfNotPresent")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .addNewEnv()
        .withName("PGDATA")
        .withValue(PGDATA)
        .endEnv()
        .addToVolumeMounts(
            mount(DATA, VOLUME_DIRECTORY, false),
            mount(CONFIG, CONFIG_DIRECTORY, true),
            mount(RUN, SOCKET_DIRECTORY, false),
            mount(TMP, "/tmp", false))
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext();
  }

  /**
   * The postmaster listens while it still recovers from a crash, however long that takes; only a
   * dead one is restarted.
   */
  private static Probe listening(int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withNewPort("postgresql")
        .endTcpSocket()
        .withPeriodSeconds(periodSeconds)
        .withFailureThreshold(failures)
        .withTimeoutSeconds(5)
        .build();
  }

  /** OXY-45: ready once connections are accepted. */
  private static Probe ready(PostgresqlModel postgresql) {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand(
            "/bin/sh",
            CONFIG_DIRECTORY + "/ready.sh",
            "--dbname=" + postgresql.database(),
            "--username=" + postgresql.username())
        .endExec()
        .withPeriodSeconds(2)
        .withFailureThreshold(3)
        .withTimeoutSeconds(5)
        .build();
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }
}
