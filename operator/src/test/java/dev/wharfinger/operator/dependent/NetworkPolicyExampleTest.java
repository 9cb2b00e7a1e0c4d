package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.testing.Repository;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The policy of docs/postgresql.md is about the server, and locks out no Job of the operator. */
class NetworkPolicyExampleTest {
  @Test
  void PHX_27_theServerOfEveryCaseIsGuarded() throws IOException {
    List<StatefulSet> servers = all(StatefulSet.class);
    assertThat(servers).isNotEmpty();
    for (StatefulSet server : servers) {
      Map<String, String> labels = server.getSpec().getTemplate().getMetadata().getLabels();
      assertThat(selects(policy(server).getSpec().getPodSelector(), labels))
          .as("%s", labels)
          .isTrue();
    }
  }

  @Test
  void PHX_27_theJobsOfEveryCaseAreLetIn() throws IOException {
    List<Job> jobs = all(Job.class);
    assertThat(jobs).isNotEmpty();
    for (Job job : jobs) {
      Map<String, String> labels = job.getSpec().getTemplate().getMetadata().getLabels();
      NetworkPolicy policy = policy(job);
      assertThat(rule(policy).getFrom())
          .as("%s", labels)
          .map(NetworkPolicyPeer::getPodSelector)
          .anyMatch(peer -> selects(peer, labels));
      // Else the policy would be about the Job, which listens to nobody.
      assertThat(selects(policy.getSpec().getPodSelector(), labels)).isFalse();
    }
  }

  @Test
  void PHX_27_nobodyElseIs() throws IOException {
    for (StatefulSet server : all(StatefulSet.class)) {
      NetworkPolicyIngressRule rule = rule(policy(server));
      Map<String, String> neighbour =
          Map.of(Labels.MANAGED_BY, Labels.WHARFINGER, Labels.INSTANCE, "another");
      assertThat(rule.getFrom())
          .map(NetworkPolicyPeer::getPodSelector)
          .noneMatch(peer -> selects(peer, neighbour) || selects(peer, Map.of()));
      assertThat(rule.getPorts())
          .singleElement()
          .returns(PostgresqlModel.PORT, port -> port.getPort().getIntVal());
    }
  }

  /** The example, for the instance that such an object is of. */
  private static NetworkPolicy policy(HasMetadata object) throws IOException {
    String instance = object.getMetadata().getLabels().get(Labels.INSTANCE);
    Path example = Repository.root().resolve("examples/postgresql/networkpolicy.yaml");
    return Yaml.read(
        NetworkPolicy.class, Files.readString(example).replace("orders", "" + instance));
  }

  private static NetworkPolicyIngressRule rule(NetworkPolicy policy) {
    assertThat(policy.getSpec().getIngress()).hasSize(1);
    return policy.getSpec().getIngress().getFirst();
  }

  private static boolean selects(LabelSelector selector, Map<String, String> labels) {
    assertThat(selector.getMatchExpressions()).isEmpty();
    return labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
  }

  /** Those that the golden files have: every kind of Job is among them. */
  private static <T extends HasMetadata> List<T> all(Class<T> kind) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "resources", "golden"))) {
      List<T> all = new ArrayList<>();
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String text = Files.readString(file);
        if (text.contains("\nkind: \"" + kind.getSimpleName() + "\"\n")) {
          all.add(Yaml.read(kind, text));
        }
      }
      return all;
    }
  }
}
