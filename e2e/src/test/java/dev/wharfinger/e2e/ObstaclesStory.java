package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the cluster withholds is named, and when it gives it the instance goes on by itself. */
class ObstaclesStory {
  @RegisterExtension static final Story story = new Story("obstacles", 3);

  @Test
  void T20_anExhaustedQuotaIsNamedAndHeals() {
    Shell.run("kubectl", "create", "quota", "tight", "--hard=pods=0", "-n", story.namespace());
    create("file", "{}");
    create("server", "{backend: PostgreSQL}");

    for (String name : new String[] {"file", "server"}) {
      assertThat(
              story.instance(name).awaitMessage("Reconciling", m -> m.contains("exceeded quota")))
          .contains("tight");
    }
    Shell.run("kubectl", "delete", "quota", "tight", "-n", story.namespace());
    story.instance("file").awaitReady();
    story.instance("server").awaitReady();
  }

  @Test
  void OXY_06_T20_aMissingStorageClassIsNamedAndHeals() {
    String name = story.namespace();
    create("file", "{sqlite: {storage: {storageClassName: %s}}}".formatted(name));

    assertThat(story.instance("file").awaitMessage("Reconciling", m -> m.contains("has no node")))
        .contains("file-init");
    try {
      Shell.run(
          "kubectl",
          "apply",
          "-f",
          Resources.file(
              """
              apiVersion: storage.k8s.io/v1
              kind: StorageClass
              metadata: {name: %s}
              provisioner: %s
              volumeBindingMode: WaitForFirstConsumer
              """
                  .formatted(name, provisioner())));
      story.instance("file").awaitReady();
    } finally {
      Shell.attempt("kubectl", "delete", "storageclass", name);
    }
  }

  @Test
  void T20_anImageThatIsNotThereIsNamed() {
    create("server", "{backend: PostgreSQL, postgresql: {version: \"16\"}}");

    assertThat(
            story
                .instance("server")
                .awaitMessage("Reconciling", m -> m.contains("cannot be pulled")))
        .contains("registry.local/absent:16");
  }

  private static String provisioner() {
    return Shell.run("kubectl", "get", "storageclass", "-o", "jsonpath={.items[*].provisioner}")
        .split(" ")[0];
  }

  private static void create(String name, String spec) {
    String yaml =
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageInstance
        metadata: {name: %s}
        spec: %s
        """
            .formatted(name, spec);
    Shell.run("kubectl", "apply", "-n", story.namespace(), "-f", Resources.file(yaml));
  }
}
