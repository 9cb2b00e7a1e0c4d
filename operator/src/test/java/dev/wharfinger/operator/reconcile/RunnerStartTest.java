package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerStartTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                                           | false
          {containerStatuses: [{name: runner, state: {waiting: {reason: ImagePullBackOff}}}]}          | false
          {containerStatuses: [{name: sidecar, state: {running: {}}}]}                                 | false
          {containerStatuses: [{name: runner, state: {running: {}}}]}                                  | true
          {containerStatuses: [{name: runner, state: {terminated: {exitCode: 1}}}]}                    | true
          {containerStatuses: [{name: runner, state: {waiting: {}}, lastState: {terminated: {exitCode: 1}}}]} | true
          {containerStatuses: [{name: runner, state: {waiting: {}}, restartCount: 1}]}                 | true
          """)
  void onlyTheRunnersOwnContainerCounts(String status, boolean started) {
    assertThat(RunnerStart.seen(YAML.unmarshal("---\nstatus: " + status, Pod.class)))
        .isEqualTo(started);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, true", "0, 1, true"})
  void inDoubtAPodThatEndedHadStarted(int failed, int succeeded, boolean started) {
    assertThat(
            RunnerStart.counted(
                new JobBuilder()
                    .withNewStatus()
                    .withActive(1)
                    .withFailed(failed)
                    .withSucceeded(succeeded)
                    .endStatus()
                    .build()))
        .isEqualTo(started);
  }
}
