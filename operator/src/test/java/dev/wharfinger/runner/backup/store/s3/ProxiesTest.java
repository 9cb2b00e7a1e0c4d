package dev.wharfinger.runner.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts are asked without a proxy. */
class ProxiesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          store.example.com            | store.example.com   | true
          .example.com                 | store.example.com   | true
          *.Example.com                | store.example.com   | true
          example.com                  | a.store.example.com | true
          example.com                  | example.com         | true
          example.com                  | anexample.com       | false
          example.com                  | exampleXcom         | false
          example.com                  | example.com.evil    | false
          localhost, .svc,10.0.0.0/8   | minio.store.svc     | true
          localhost .svc               | localhost           | true
          localhost,127.0.0.1          | 127.0.0.1           | true
          ,                            | store               | false
          *                            | store               | true
          """)
  void theListNamesHostsAndAllBelowThem(String list, String host, boolean direct) {
    assertThat(Proxies.direct(list).stream().anyMatch(host::matches)).isEqualTo(direct);
  }
}
