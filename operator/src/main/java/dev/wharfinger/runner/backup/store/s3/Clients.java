package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;

/** Clients that ask nobody but the store itself: no file of a person, no service of a cloud. */
final class Clients {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int TRIES = 6;

  private Clients() {}

  /**
   * A client.
   *
   * @throws TargetException {@code ca-file-unreadable}
   */
  static S3Client of(S3Settings settings) throws TargetException {
    return of(settings, settings.amazon());
  }

  /** The same, by the habits of AWS or those that every other store takes. */
  static S3Client of(S3Settings settings, boolean amazon) throws TargetException {
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT)
            .socketTimeout(ANSWER)
            .proxyConfiguration(Proxies.of(settings.endpoint(), System.getenv()));
    Path authorities = settings.authorities();
    if (authorities != null) {
      TrustManager[] trusted = trusting(authorities);
      http.tlsTrustManagersProvider(() -> trusted);
    }
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(http)
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            .credentialsProvider(() -> credentials(settings.keys()))
            .overrideConfiguration(override ->
                override
                    .defaultProfileFile(ProfileFile.aggregator().build())
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(TRIES)
                            .build()));
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    if (!amazon) {
      plain(builder);
    }
    return builder.build();
  }

  /** Many stores know neither checksums at the end of a body nor bodies of signed chunks. */
  private static void plain(S3ClientBuilder builder) {
    S3AuthSchemeProvider usual = S3AuthSchemeProvider.defaultProvider();
    builder
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
        .authSchemeProvider(parameters ->
            usual.resolveAuthScheme(parameters).stream().map(Clients::signingAll).toList());
  }

  private static AuthSchemeOption signingAll(AuthSchemeOption option) {
    return option.toBuilder()
        .putSignerProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, true)
        .putSignerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
        .build();
  }

  private static AwsCredentials credentials(S3Keys.Source source) {
    try {
      S3Keys keys = source.read();
      return keys.token() == null
          ? AwsBasicCredentials.create(keys.id(), keys.secret())
          : AwsSessionCredentials.create(keys.id(), keys.secret(), keys.token());
    } catch (TargetException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TrustManager[] trusting(Path file) throws TargetException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate one :
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in))) {
        store.setCertificateEntry("authority-" + count++, one);
      }
      if (count == 0) {
        throw new GeneralSecurityException("there is no certificate in it");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw TargetException.refused(
          "ca-file-unreadable",
          "--ca-file has to be a file of certificates as PEM: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage());
    }
  }
}
